"""Runs that share the files of tests: each file is taken by one of them."""

from types import SimpleNamespace

from beesender_support.tests.site import sharing


def items(*files):
    return [SimpleNamespace(path=file, number=number) for number, file in files]


def test_of_two_runs_each_takes_the_files_that_the_other_left(tmp_path):
    every = items((1, "/a/x.py"), (2, "/a/x.py"), (1, "/a/y.py"), (1, "/a/z.py"))
    one, other = (sharing.taken(every, tmp_path) for _run in range(2))
    assert next(one) is every[0]
    assert next(other) is every[2]
    assert [*one] == [every[1], every[3]]
    assert [*other] == []


def test_files_with_alike_paths_are_two(tmp_path):
    """One that counted as taken would never run."""
    every = items((1, "/a/b-c.py"), (1, "/a-b/c.py"), (1, "/a/b/c.py"))
    assert [*sharing.taken(every, tmp_path)] == every
