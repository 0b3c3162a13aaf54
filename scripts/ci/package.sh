#!/usr/bin/env bash
# The package as a user has it: packed, installed into an empty project, and used from TypeScript, vitest, jest, node:test and pytest, with the
# examples of docs/testing.md. What the registries do not have is said, and left out.
# Usage: scripts/ci/package.sh WORKDIR   (a folder for what is installed; kept, so that a second run is quick)
# shellcheck source=scripts/ci/session.sh
. "$(dirname "$0")/session.sh"
project="$work/project"
mkdir -p "$project"
export AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true

(cd "$root" && npm pack --silent --ignore-scripts --pack-destination "$work" >/dev/null)
cd "$project"
rm -rf ./*.ts ./*.mts ./*.cts ./*.cjs ./*.mjs ./*.py ./*.json ./*.yaml
echo '{"name": "project", "private": true, "type": "module"}' >package.json
rm -rf node_modules/cliffracer
npm install --silent --no-audit --no-fund --ignore-scripts "$work"/cliffracer-*.tgz \
  @aws-sdk/client-sqs @aws-sdk/client-sns @aws-sdk/client-dynamodb @aws-sdk/client-s3
node "$root/scripts/ci/package/extract.mjs" "$root/docs/testing.md" .

status=0
# part NAME COMMAND...: one use of the package
part() {
  local name="$1"
  shift
  if "$@" >"$work/part.log" 2>&1; then
    printf 'passed  %s\n' "$name"
  else
    printf 'FAILED  %s\n' "$name"
    cat "$work/part.log"
    status=1
  fi
}
# have PACKAGE...: installs them; false when the registry has them not
have() {
  npm install --silent --no-audit --no-fund --ignore-scripts --no-save "$@" >/dev/null 2>&1
}

part 'node:test' node --test billing.node.mjs
part 'createEngine' node engine.mjs
part 'require' node -e "const { startLab } = require('cliffracer/testing'); startLab().then((lab) => lab.close());" --input-type=commonjs
part 'require of every part' node --input-type=commonjs -e "require('cliffracer').defineConfig({}); require('cliffracer/engine').createEngine().close();"

# One installation for all: what is installed without being saved is removed by the next one.
tools=()
for tool in typescript @types/node vitest jest; do
  if npm view "$tool" version >/dev/null 2>&1; then
    tools+=("$tool")
  else
    printf 'skipped %s: the registry does not have it\n' "$tool"
  fi
done
have "${tools[@]}" || { echo "skipped ${tools[*]}: they cannot be installed" && tools=(); }
has() { case " ${tools[*]} " in *" $1 "*) true ;; *) false ;; esac; }

if has typescript && has @types/node; then
  cp "$root/scripts/ci/package/uses.mts" uses.mts
  cp uses.mts uses.cts
  cp uses.mts uses.ts
  strict=(--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck false --target es2022 --types node)
  part 'types: nodenext, ES module' npx tsc "${strict[@]}" --module nodenext uses.mts
  part 'types: nodenext, CommonJS' npx tsc "${strict[@]}" --module nodenext uses.cts
  part 'types: bundler' npx tsc "${strict[@]}" --module esnext --moduleResolution bundler uses.ts
fi
if has vitest; then
  part 'vitest' npx vitest run
fi
if has jest; then
  part 'jest' npx jest --testMatch '**/*.jest.cjs'
fi

if command -v python3 >/dev/null; then
  python_with boto3=boto3 pytest=pytest
  part 'pytest' "$work/venv/bin/python" -m pytest -q test_billing.py
else
  echo 'skipped pytest: Python is not installed'
fi
exit "$status"
