"""What leaders keep for each other: one JSON document, in ZooKeeper where there is an ensemble, else in memory."""

import json
import threading

from .ensemble import TRANSIENT


class Registry:
    """The document. It is read anew for each question, so that the next leader knows all that the last one did."""

    def __init__(self, ensemble, path):
        self.ensemble = ensemble
        self.path = path
        self.lock = threading.RLock()
        self.text = '{}'

    def read(self):
        """What it holds; while no server answers, what it held when it was read last."""
        if self.ensemble is not None and self.ensemble.connected:
            try:
                self.text = self.ensemble.data_of(self.path) or '{}'
            except TRANSIENT:
                pass
        return json.loads(self.text)

    def write(self, document):
        self.text = json.dumps(document)
        if self.ensemble is not None:
            self.ensemble.put(self.path, self.text)
