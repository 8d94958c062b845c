"""Settings as the real launcher gathers them: files of shell variables, folders of one file per flag, environment."""

import os
import subprocess
from dataclasses import dataclass

from .refusal import Refusal

PACKAGE_LEFTOVERS = ('.rpmnew', '.rpmsave', '.dpkg-dist')
# Evaluates a file of assignments as launchers do (`set -a; . FILE`) and prints the environment it leaves.
SOURCE_FILE = 'set -ea; . "$1"; exec env -0'


@dataclass(frozen=True)
class Setting:
    """One flag as it was written somewhere: `value` is None for a bare switch.

    `origin` says where it stands (`in /etc/x`); `ambient` marks what came with the environment and was not written for us.
    """

    name: str
    value: str | None
    origin: str
    ambient: bool = False


class Launcher:
    """Runs the steps of one launcher of a profile, in order. `root` stands before every absolute path."""

    def __init__(self, root, environment):
        self.root = root
        self.environment = dict(environment)
        self.origins = {}

    def gather(self, steps):
        """All settings of `steps`, in the order in which the launcher would pass them."""
        found = []
        for step in steps:
            found += getattr(self, 'read_' + step['read'])(step, found)
        return found

    def read_shell(self, step, _found):
        """Assignments of shell files go to the environment; they are no settings yet."""
        for path in step['files']:
            if os.path.isfile(self.root + path):
                self.source(path)
        return []

    def source(self, path):
        result = subprocess.run(['/bin/sh', '-c', SOURCE_FILE, 'sh', self.root + path], env=self.environment,
                                stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            reason = ' '.join(result.stderr.split()) or f'exit {result.returncode}'
            raise Refusal(f'{path} cannot be read as shell variables: {reason}')
        after = dict(line.split('=', 1) for line in result.stdout.split('\0') if '=' in line)
        self.origins.update({name: path for name, value in after.items() if self.environment.get(name) != value})
        self.environment = after

    def read_variables(self, step, _found):
        """Shell variables that the launcher turns into flags, such as PORT to --port."""
        return [Setting(flag, self.environment[variable], f'by {variable} in {self.origin(variable)}')
                for variable, flag in step['flags'].items() if self.environment.get(variable)]

    def read_environment(self, step, _found):
        """Every variable with the prefix; the part after it, in lower case, is a flag."""
        prefix, skip = step['prefix'], tuple(step.get('except', ()))
        return [Setting(name[len(prefix):].lower(), value or None, f'by {name} in {self.origin(name)}',
                        ambient=name not in self.origins)
                for name, value in sorted(self.environment.items())
                if name.startswith(prefix) and not (skip and name.startswith(skip))]

    def origin(self, variable):
        return self.origins.get(variable, 'the environment')

    def read_folder(self, step, _found):
        """One file per flag: its name is the flag, its content the value; `?name` is a switch."""
        settings = []
        for name in self.files_of(step['path']):
            origin = f"{step['path']}/{name}"
            if name.startswith('?'):
                settings.append(Setting(name[1:], None, f'in {origin}'))
            else:
                settings.append(Setting(name, self.content(origin), f'in {origin}'))
        for name in step.get('joined', ()):
            settings += self.read_joined(name, f"{step['path']}/{name}")
        return settings

    def read_joined(self, flag, path):
        """A folder below the folder: `key` with content `value` is `key:value`, joined by semicolons."""
        pairs = [f"{name}:{content}" for name in self.files_of(path) if (content := self.content(f'{path}/{name}'))]
        return [Setting(flag, ';'.join(pairs), f'in {path}')] if pairs else []

    def files_of(self, path):
        folder = self.root + path
        if not os.path.isdir(folder):
            return []
        return [name for name in sorted(os.listdir(folder))
                if os.path.isfile(os.path.join(folder, name))
                and not name.startswith('.') and not name.endswith(PACKAGE_LEFTOVERS)]

    def content(self, path):
        try:
            with open(self.root + path, encoding='utf-8') as file:
                return file.read().rstrip('\n')
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(f'{path} cannot be read: {error}') from error

    def read_fallback(self, step, found):
        """A file whose content stands in for a flag that nothing else set."""
        if any(setting.name == step['flag'] for setting in found) or not self.is_filled(step['path']):
            return []
        content = self.content(step['path'])
        value = content.split('/')[2] if step.get('part') == 'servers' and content.count('/') >= 2 else content
        return [Setting(step['flag'], value, f"in {step['path']}")]

    def is_filled(self, path):
        return os.path.isfile(self.root + path) and os.path.getsize(self.root + path) > 0


def read_arguments(arguments, separate_values, is_switch):
    """Settings of a command line: `--name=value`, a bare `--name`, and `--name value` where `separate_values`."""
    settings, rest = [], list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith('--'):
            raise Refusal(f"unexpected argument '{word}': flags begin with --")
        name, equals, value = word[2:].partition('=')
        if equals:
            settings.append(Setting(name, value, 'on the command line'))
        elif separate_values and rest and not rest[0].startswith('--') and not is_switch(name):
            settings.append(Setting(name, rest.pop(0), 'on the command line'))
        else:
            settings.append(Setting(name, None, 'on the command line'))
    return settings
