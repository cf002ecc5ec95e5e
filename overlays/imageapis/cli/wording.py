"""What errors say to programmers, in the words of the command line: options and commands for arguments and calls."""

#: By what an error says, what a command says instead. Nothing here is said by a server: these are our own sentences.
_WORDS = {
    # logins
    "Give them as arguments, FBN_* variables or in a secrets file; auth.explain() shows": (
        "Give them in FBN_* variables or in a secrets file (--secrets); imageapis login explain lusid shows"
    ),
    "log in with auth.cloud('name')": "name an entry of clouds.yaml with --os-cloud",
    "or log in with auth.password() or auth.from_env()": "or set the OS_* variables",
    "For the OS_* variables use auth.from_env()": "For the OS_* variables leave --os-cloud and OS_CLOUD out",
    "Make its plugin with keystoneauth1 and log in with auth.keystoneauth(plugin)": (
        "Any other plugin of keystoneauth1 needs a program that uses the library"
    ),
    # uploads
    "symlinks='follow' or symlinks='skip'": "--symlinks follow or --symlinks skip",
    "compress=True": "--compress",
    "then call it again with resume=<this error>.resume or the same journal": "then run the same command again",
    "give journal= the name of a file elsewhere, or do without one": (
        "name another one in $XDG_STATE_HOME, or upload with --no-journal"
    ),
}


def in_options(text: str) -> str:
    """Return an error's text as it is said to who typed a command."""
    for programming, typed in _WORDS.items():
        text = text.replace(programming, typed)
    return text
