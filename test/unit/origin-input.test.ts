import { followsOlderRule, parseOrigin } from "../../provider/domain/origin-input";

it.each([
  "https://shop.example.com",
  "http://shop.example.com",
  "https://shop.example.com:8443",
  "https://shop.example.com:0",
  "https://shop.example.com:65535",
  "http://localhost:3000",
  "https://a",
  "https://a_b.c-d.e9",
  "https://_a_",
  "https://9.example",
  "http://127.0.0.1",
  "http://[::1]",
  "http://[::1]:8080",
  "http://shop.example.com:443",
  "https://shop.example.com:80",
])("%s is an origin, and stays as it is written", (text) => {
  expect(parseOrigin(text)).toEqual({ value: text });
});

const CHARACTERS =
  "its host has other characters than letters, digits, hyphens and dots, or begins or ends with a hyphen or dot";

it.each<[unknown, string]>([
  [7, "it is no text"],
  ["", "it is empty"],
  ["https://*.example.com", "it has a wildcard, which BigCommerce refuses"],
  ["https://shop.example.com ", "it has a blank or a line break"],
  ["shop.example.com", "it does not begin with https:// or http://"],
  ["://shop.example.com", "it does not begin with https:// or http://"],
  ["https:", "it does not begin with https:// or http://"],
  ["https:shop.example.com", "it does not begin with https:// or http://"],
  ["ftp://shop.example.com", "it does not begin with https:// or http://"],
  ["constructor://shop.example.com", "it does not begin with https:// or http://"],
  ["https://user@shop.example.com", "it has a user"],
  ["https://shop.example.com/", "it ends with a slash"],
  ["https://shop.example.com/a", "it has a path, query or fragment"],
  ["https://shop.example.com/@a", "it has a path, query or fragment"],
  ["https:///a", "it has a path, query or fragment"],
  ["https://shop.example.com?a", "it has a path, query or fragment"],
  ["https://shop.example.com#a", "it has a path, query or fragment"],
  ["https://shop.example.com\\a", "it has a path, query or fragment"],
  ["https://sh\u00f6p.example.com", "its host is not ASCII: write it as browsers send it, xn--..."],
  ["https://Shop.example.com", "it has capital letters"],
  ["HTTPS://shop.example.com", "it has capital letters"],
  ["https://shop.example.com:443", "it has the default port of its scheme, which origins leave out"],
  ["http://shop.example.com:80", "it has the default port of its scheme, which origins leave out"],
  ["https://shop.example.com:65536", "its port is not a number from 0 to 65535"],
  ["https://shop.example.com:123456", "its port is not a number from 0 to 65535"],
  ["https://shop.example.com:080", "its port is not a number from 0 to 65535"],
  ["https://shop.example.com:", "its port is not a number from 0 to 65535"],
  ["https://shop.example.com:x", "its port is not a number from 0 to 65535"],
  ["https://shop.example.com:8x", "its port is not a number from 0 to 65535"],
  ["https://-shop.example.com", CHARACTERS],
  ["https://shop.example.com-", CHARACTERS],
  ["https://.example.com", CHARACTERS],
  ["https://example.com.", CHARACTERS],
  ["https://shop!example.com", CHARACTERS],
  ["https://", CHARACTERS],
  ["http://[::1]x", CHARACTERS],
  ["http://[]", CHARACTERS],
  ["http://127.1", "its IP address is not written in the shortest form"],
  ["http://[0:0:0:0:0:0:0:1]", "its IP address is not written in the shortest form"],
  ["http://[:::1]", "its IP address is not written in the shortest form"],
])("%j is none, and the first fault is told", (value, fault) => {
  const problem = `must be an origin such as https://shop.example.com, but ${fault}`;
  expect(parseOrigin(value)).toEqual({ problem });
});

it.each([
  ["https://shop.example.com", true],
  ["https://a.b-c9", true],
  ["https://9shop.example.com", false],
  ["https://shop.9example", false],
  ["https://shop-.example.com", false],
  ["https://shop_a.example.com", false],
  ["http://127.0.0.1", false],
])("BigCommerce's pattern of 2021 accepts %s: %j", (origin, expected) => {
  expect(followsOlderRule(origin)).toBe(expected);
});
