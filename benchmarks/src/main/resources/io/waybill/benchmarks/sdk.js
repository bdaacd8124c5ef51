// Enriched events of a file to NDJSON on standard output. Lines the SDK refuses are counted on standard error.
'use strict';

const fs = require('fs');
const { StringDecoder } = require('string_decoder');
const { transform } = require('snowplow-analytics-sdk');

const input = fs.openSync(process.argv[2], 'r');
const chunk = Buffer.allocUnsafe(1 << 18);
const decoder = new StringDecoder('utf8');
let rest = '';
let refused = 0;

function writeFully(text) {
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length;) {
    at += fs.writeSync(1, bytes, at);
  }
}

for (let count; (count = fs.readSync(input, chunk, 0, chunk.length, null)) > 0;) {
  const lines = (rest + decoder.write(chunk.subarray(0, count))).split('\n');
  rest = lines.pop();
  let ndjson = '';
  for (const line of lines) {
    try {
      ndjson += JSON.stringify(transform(line)) + '\n';
    } catch (problem) {
      if (!(problem instanceof TypeError)) {
        throw problem;
      }
      refused++;
    }
  }
  writeFully(ndjson);
}
if (refused > 0) {
  console.error(refused + ' lines refused');
}
