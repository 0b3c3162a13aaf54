"""Programs as they are written for LocalStack, with boto3, against the engine at AWS_ENDPOINT_URL.

Each session is a function of one of the modules beside this file; it makes what it needs, and asserts what AWS's
documentation says comes back. Prints a line for each and exits with 1 when any has failed.
"""

import sys
import traceback

import logs
import metrics
import objects
import queues
import tables
import topics
import worlds

MODULES = [queues, topics, tables, objects, metrics, logs, worlds]


def main() -> int:
    failed = 0
    total = 0
    for module in MODULES:
        for name, session in vars(module).items():
            if not name.startswith("session_"):
                continue
            total += 1
            what = f"{module.__name__}: {(session.__doc__ or name).splitlines()[0]}"
            try:
                session()
                print(f"  ok    {what}")
            except Exception:
                failed += 1
                print(f"  FAIL  {what}")
                traceback.print_exc(file=sys.stdout)
    print(f"boto3: {total - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
