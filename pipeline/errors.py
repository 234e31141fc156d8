"""The errors a user can cause and mend. The command line prints them as one line."""


class BroadsheetError(Exception):
    """A fault of the input or the set-up; the message says what is wrong and what to do.

    Commands print the message alone and exit with ``exit_code``.
    """

    exit_code = 1


class UsageError(BroadsheetError):
    """The call itself is off: an unknown option value, parameter or column."""

    exit_code = 2


class MissingArtifactError(BroadsheetError):
    """A file that a stage writes is not there; the message names the command that makes it."""


class CorruptArtifactError(BroadsheetError):
    """A file is there but is not what the manifest or the format says it is."""
