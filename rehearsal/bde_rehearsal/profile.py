"""A profile: the JSON that says which daemon is rehearsed and what it does. Format: ../README.md."""

import json
import os

from .refusal import Refusal

FORMAT_VERSION = 1


def load_profile(path):
    """The profile at `path` with its includes merged in: their flag pages come first."""
    profile = read_json(path)
    if profile.get('formatVersion') != FORMAT_VERSION:
        raise Refusal(f"{path} has format {profile.get('formatVersion')}, this program reads {FORMAT_VERSION}")
    pages = []
    for name in profile.get('include', []):
        pages += read_json(os.path.join(os.path.dirname(path), name))['flagPages']
    profile['flags'] = collect_flags(pages + profile['flagPages'])
    return profile


def read_json(path):
    try:
        with open(path, encoding='utf-8') as file:
            return json.load(file)
    except OSError as error:
        raise Refusal(f'cannot read {path}: {error.strerror}') from error
    except ValueError as error:
        raise Refusal(f'{path} is no valid JSON: {error}') from error


def collect_flags(pages):
    """Flags by name, each with its own name and the address of the page that defines it."""
    return {
        name: {**flag, 'name': name, 'page': page['page']}
        for page in pages
        for name, flag in page['flags'].items()
    }
