// Prints the conformance tests as JSON lines, one test a line:
// {"file": …, "section": …, "test": the SimpleTest in protobuf's JSON form}.
import { pathToFileURL } from "node:url";
import { join } from "node:path";

// The package's own source of its suite: plain data, no protobuf runtime needed.
const data = join(process.argv[2], "@bufbuild/cel-spec/dist/esm/testdata/conformance.js");
const { tests } = await import(pathToFileURL(data));

function print(suite, path) {
  for (const { original } of suite.tests ?? []) {
    const [file, ...section] = path;
    console.log(JSON.stringify({ file, section: section.join("/"), test: original }));
  }
  for (const inner of suite.suites ?? []) print(inner, [...path, inner.name]);
}
print(tests, []);
