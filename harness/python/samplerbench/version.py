"""The version of the package, which is that of the suite."""

__version__ = "0.4.0"
