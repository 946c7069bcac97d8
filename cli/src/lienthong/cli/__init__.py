"""The command line `lienthong`; `main.main` is its entry point.

Commands and their options stand in `main` and load nothing else, so that a help text comes at once; what a command does stands in a
module of its own, which is imported when the command runs.
"""
