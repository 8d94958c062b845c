#!/usr/bin/python3 -s
"""`rehearse.py PROFILE [--root DIR] [--launcher NAME] [--check] -- ARGUMENTS`: plays the daemon of PROFILE.

`--launcher` gathers settings as that launcher of the real package does, `--root` stands before the files it reads,
`--check` reads all flags and ends. Ends with 1 and one line on stderr when the real daemon would not run.
"""

import argparse
import json
import os
import sys

# Where it is installed, only its package writes.
sys.dont_write_bytecode = True

from bde_rehearsal.flags import FlagReader
from bde_rehearsal.profile import load_profile
from bde_rehearsal.refusal import Refusal
from bde_rehearsal.settings import Launcher, read_arguments


def main():
    options = parse_options(sys.argv[1:])
    name = os.path.basename(options.profile).removesuffix('.json')

    def log(text):
        print(f'{name} (rehearsal): {text}', file=sys.stderr, flush=True)

    try:
        profile = load_profile(options.profile)
        flags = read_flags(profile, options)
        if options.check:
            print(json.dumps(flags, indent=2))
            return 0
        play(profile, flags, log)
    except Refusal as refusal:
        log(f'ends: {refusal}')
        return 1
    except KeyboardInterrupt:
        return 130


def parse_options(words):
    own, _, arguments = partition(words, '--')
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('profile')
    parser.add_argument('--root', default='')
    parser.add_argument('--launcher', default='direct')
    parser.add_argument('--check', action='store_true')
    options = parser.parse_args(own)
    options.arguments = arguments
    return options


def partition(words, separator):
    if separator not in words:
        return words, None, []
    at = words.index(separator)
    return words[:at], separator, words[at + 1:]


def read_flags(profile, options):
    """Flags as the real program would see them: launcher first, then its arguments, then the environment."""
    launchers = profile['launchers']
    if options.launcher not in launchers:
        raise Refusal(f"there is no launcher '{options.launcher}': there are {', '.join(sorted(launchers))}")
    launcher = Launcher(options.root, os.environ)
    reader = FlagReader(profile, options.root)
    settings = launcher.gather(launchers[options.launcher])
    settings += read_arguments(options.arguments, profile['syntax'].get('separateValues', False), reader.is_switch)
    return reader.read(settings, launcher.gather(profile.get('fillers', [])))


def play(profile, flags, log):
    """Runs the daemon. Its libraries are loaded only now: wrong flags end before that."""
    from bde_rehearsal.daemon import Daemon

    log(f"plays {profile['program']} {profile['version']} for a rehearsal: it runs no task")
    Daemon(profile, flags, log).run()


if __name__ == '__main__':
    sys.exit(main())
