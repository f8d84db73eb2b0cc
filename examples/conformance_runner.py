"""Ask any program the cases of the conformance set, and compare its answers.

python3 conformance_runner.py CASES.json... -- COMMAND [ARGUMENT]...
"""

import json
import subprocess
import sys
from datetime import datetime


def comparable(answer):
    """Texts that are instants as instants, whatever their offset; numbers as numbers."""
    if isinstance(answer, dict):
        return {name: comparable(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [comparable(each) for each in answer]
    if isinstance(answer, str) and "T" in answer:
        return datetime.fromisoformat(answer.replace("Z", "+00:00")).timestamp()
    return answer


def main(arguments):
    files, command = arguments, []
    if "--" in arguments:
        place = arguments.index("--")
        files, command = arguments[:place], arguments[place + 1 :]
    if not (files and command):
        sys.exit(__doc__)
    cases = []
    for name in files:
        with open(name, encoding="utf-8") as file:
            cases += json.load(file)
    questions = ({**case, "expect": None} for case in cases)
    asked = "".join(f"{json.dumps(question)}\n" for question in questions)
    ran = subprocess.run(
        command, input=asked, capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    if len(answers) != len(cases):
        sys.exit(f"{len(cases)} cases, but {len(answers)} answers.")
    done = [
        (case, got) for case, got in zip(cases, answers, strict=True) if got is not None
    ]
    wrong = [
        each for each in done if comparable(each[1]) != comparable(each[0]["expect"])
    ]
    for case, got in wrong:
        print(f"{case['id']}: expected {case['expect']}, got {got}")
    left = len(cases) - len(done)
    print(f"{len(done) - len(wrong)} of {len(done)} cases agree, {left} left out.")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
