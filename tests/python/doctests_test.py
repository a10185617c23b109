"""The examples in the package's docstrings. The environment variable SAMPLERBENCH names the program."""

import doctest
import importlib
import pkgutil
import unittest

import samplerbench

MODULES = [f"samplerbench.{module.name}" for module in pkgutil.iter_modules(samplerbench.__path__)]


def load_tests(loader, tests, pattern):
    suites = [doctest.DocTestSuite(importlib.import_module(name)) for name in MODULES]
    tests.addTests(suites)
    return tests


class Found(unittest.TestCase):
    def test_there_are_examples(self):
        finder = doctest.DocTestFinder(exclude_empty=True)
        found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
        self.assertGreater(len(found), 8)


unittest.main()
