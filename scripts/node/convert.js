// Swagger 2.0 on stdin, OpenAPI 3.0 on stdout. argv[2] is the node_modules folder that holds swagger2openapi.
"use strict";

const converter = require(process.argv[2] + "/swagger2openapi");

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", () => {
  converter.convertObj(JSON.parse(text), { patch: false, warnOnly: false }, (failure, result) => {
    if (failure) {
      process.stderr.write(String(failure.message || failure) + "\n");
      process.exitCode = 1;
      return;
    }
    process.stdout.write(JSON.stringify(result.openapi));
  });
});
