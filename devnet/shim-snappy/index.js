/** The interface of snappy 6 over snappyjs, which is plain JavaScript: nothing needs to be compiled. */
const snappy = require("snappyjs");

const withCallback = (transform) => (input, options, callback) => {
  const done = typeof options === "function" ? options : callback;
  let output;
  try {
    output = Buffer.from(transform(Buffer.from(input)));
  } catch (error) {
    done(error);
    return;
  }
  done(null, output);
};

exports.compress = withCallback(snappy.compress);
exports.uncompress = withCallback(snappy.uncompress);
exports.compressSync = (input) => Buffer.from(snappy.compress(Buffer.from(input)));
exports.uncompressSync = (input) => Buffer.from(snappy.uncompress(Buffer.from(input)));
