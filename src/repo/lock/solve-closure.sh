#!/bin/sh
# solve-closure PACKAGE... -- REPO FOLDER [REPO FOLDER]...
# Prints what dnf would install on a fresh machine of this template: NEVRA and repo, one package a line. Installs nothing.
exec python3 - "$@" <<'PYTHON'
import sys

import dnf

split = sys.argv.index('--')
wanted, places = sys.argv[1:split], sys.argv[split + 1:]

base = dnf.Base()
base.conf.cachedir = '/tmp/bde-solve'
base.conf.install_weak_deps = False
base.conf.best = True
base.conf.gpgcheck = False
base.conf.substitutions.update_from_etc('/')
for name, folder in zip(places[::2], places[1::2]):
    base.repos.add_new_repo(name, base.conf, baseurl=['file://' + folder], skip_if_unavailable=False, repo_gpgcheck=False)

try:
    base.fill_sack(load_system_repo=True)
    base.install_specs(wanted)
    base.resolve()
except dnf.exceptions.Error as error:
    sys.exit(str(error).strip())

for package in base.transaction.install_set:
    epoch = '' if package.epoch == 0 else f'{package.epoch}:'
    print(f'{package.name}-{epoch}{package.version}-{package.release}.{package.arch} {package.reponame}')
PYTHON
