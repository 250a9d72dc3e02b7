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
