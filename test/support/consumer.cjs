/** A dependant of tokens: keeps the fingerprint of the value that it got, and fails while FAIL_CONSUMER is set. */
const pulumi = require("@pulumi/pulumi");

const provider = {
  async check(olds, news) {
    return { inputs: news };
  },
  async create(inputs) {
    if (process.env.FAIL_CONSUMER) throw new Error("the consumer fails, as asked");
    return { id: "consumer", outs: { value: inputs.value } };
  },
  async update(id, olds, news) {
    if (process.env.FAIL_CONSUMER) throw new Error("the consumer fails, as asked");
    return { outs: { value: news.value } };
  },
};

exports.Consumer = class Consumer extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(provider, name, { ...args }, opts);
  }
};

const delivery = {
  async check(olds, news) {
    return { inputs: news };
  },
  async diff(id, olds, news) {
    const changes = olds.value !== news.value || olds.place !== news.place;
    return { changes, replaces: changes && news.immutable ? ["value"] : [] };
  },
  async create(inputs) {
    await call("PUT", inputs);
    return { id: inputs.place, outs: { ...inputs } };
  },
  async update(id, olds, news) {
    await call("PUT", news);
    return { outs: { ...news } };
  },
  async delete(id, outs) {
    await call("DELETE", outs);
  },
};

async function call(method, { place, value }) {
  const response = await fetch(`${process.env.SECRET_STORE_URL}/${place}`, { method, body: value });
  if (!response.ok) throw new Error(`the secret store answered ${response.status} for ${place}`);
}

/** A dependant that brings its value to a place in the secret store; an immutable one is replaced by each new value. */
exports.Delivery = class Delivery extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(delivery, name, { ...args }, opts);
  }
};
