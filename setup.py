# Some bench versions look for this file; pyproject.toml builds the package.
from setuptools import setup

setup()
