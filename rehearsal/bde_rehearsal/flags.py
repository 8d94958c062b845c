"""From settings to typed flags, with the refusals of the real flag parser."""

import difflib
import os

from .refusal import Refusal
from .values import parse_value


class FlagReader:
    """Checks settings against the flags of a profile."""

    def __init__(self, profile, root=''):
        self.flags = profile['flags']
        self.syntax = profile['syntax']
        self.rules = profile.get('rules', [])
        self.root = root
        self.names = {alias: name for name, flag in self.flags.items()
                      for alias in (name, *flag.get('aliases', ()))}

    def read(self, settings, fillers=()):
        """Values by flag name, absent ones as their default or None; `fillers` count only where nothing else did."""
        values, origins = {}, {}
        for setting in settings:
            name, value = self.load(setting)
            if name in origins:
                raise Refusal(f"flag '{setting.name}' is given twice: {origins[name]} and {setting.origin}")
            values[name], origins[name] = value, setting.origin
        for setting in fillers:
            self.fill(setting, values, origins)
        self.check_required(values)
        return {name: values[name] if name in values else default_of(flag) for name, flag in self.flags.items()}

    def fill(self, setting, values, origins):
        """Takes a setting that yields to others. One that is no flag counts as wrong only where it was written for us."""
        known = setting.name in self.names
        if known and self.names[setting.name] in origins or not known and setting.ambient:
            return
        name, value = self.load(setting)
        values[name], origins[name] = value, setting.origin

    def load(self, setting):
        """Name and typed value of one setting."""
        flag, negated = self.find(setting)
        text = self.text_of(flag, setting, negated)
        try:
            return flag['name'], parse_value(flag, self.resolve(text))
        except Refusal as refusal:
            raise Refusal(f"flag '{setting.name}' {setting.origin}: {refusal} ({flag['page']})") from None

    def find(self, setting):
        """The flag that a setting names, and whether the negated form was used."""
        if setting.name in self.names:
            return self.flags[self.names[setting.name]], False
        prefix = self.syntax['negation']
        positive = setting.name.removeprefix(prefix)
        if positive != setting.name and positive in self.names:
            return self.flags[self.names[positive]], True
        near = difflib.get_close_matches(setting.name, self.names, n=1)
        hint = f", did you mean '{near[0]}'?" if near else ''
        raise Refusal(f"unknown flag '{setting.name}' {setting.origin}{hint} ({self.pages()})")

    def pages(self):
        return ', '.join(sorted({flag['page'] for flag in self.flags.values() if flag['page'].endswith(('/', 'html'))}))

    def is_switch(self, name):
        """Whether a bare name takes no value, so that the next word is none of its own."""
        flag = self.flags.get(self.names.get(name, self.names.get(name.removeprefix(self.syntax['negation']), '')))
        return flag is not None and flag.get('type') == 'boolean'

    @staticmethod
    def text_of(flag, setting, negated):
        if flag.get('type') != 'boolean':
            if negated:
                raise Refusal(f"flag '{flag['name']}' takes a value, it has no form '{setting.name}' ({flag['page']})")
            if setting.value is None:
                raise Refusal(f"flag '{setting.name}' {setting.origin} has no value ({flag['page']})")
            return setting.value
        if negated and setting.value:
            raise Refusal(f"switch '{setting.name}' {setting.origin} takes no value ({flag['page']})")
        return setting.value or ('false' if negated else 'true')

    def resolve(self, text):
        """`file:///path` stands for the content of that file."""
        if not self.syntax.get('fileValues') or not text.startswith('file://'):
            return text
        path = self.root + text[len('file://'):]
        try:
            with open(path, encoding='utf-8') as file:
                return file.read().strip()
        except OSError as error:
            raise Refusal(f'cannot read {path}: {error.strerror}') from error

    def check_required(self, values):
        for rule in self.rules:
            given = [name for name in rule.get('when', []) if name in values]
            if len(given) == len(rule.get('when', [])):
                self.check_rule(rule, values)
        for name, flag in self.flags.items():
            if flag.get('required') and name not in values:
                raise Refusal(f"flag '{name}' is required, but was not given ({flag['page']})")

    @staticmethod
    def check_rule(rule, values):
        missing = [name for name in rule.get('need', []) if name not in values]
        clashing = [name for name in rule.get('exclude', []) if name in values]
        if missing or clashing:
            raise Refusal(rule['message'])


def default_of(flag):
    """The default of a flag, typed: text in a profile is read as on a command line."""
    default = flag.get('default')
    return parse_value(flag, default) if isinstance(default, str) else default


def prepare_folder(path, mode=0o755):
    """Makes a folder that the real daemon makes, and checks that it can write there."""
    try:
        os.makedirs(path, mode=mode, exist_ok=True)
        probe = os.path.join(path, '.rehearsal')
        with open(probe, 'w', encoding='utf-8'):
            pass
        os.unlink(probe)
    except OSError as error:
        raise Refusal(f"cannot write to {path}: {error.strerror}") from error
