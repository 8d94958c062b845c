"""Answers every request by TLS, from clients alone that show a certificate of the cluster. SIGHUP makes it read its own anew."""
import http.server
import signal
import ssl

FOLDER = "/etc/bde/tls"


def read_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{FOLDER}/node.crt", f"{FOLDER}/node.key")
    context.load_verify_locations(f"{FOLDER}/ca.crt")
    context.verify_mode = ssl.CERT_REQUIRED
    return context


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "3")
        self.end_headers()
        self.wfile.write(b"ok\n")

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    context = None

    def reload(self, *_):
        self.context = read_context()

    def finish_request(self, request, client_address):
        """In a thread of its own: a client that is slow to shake hands holds nobody up."""
        with self.context.wrap_socket(request, server_side=True) as connection:
            self.RequestHandlerClass(connection, client_address, self)


server = Server(("", 8443), Answer)
server.reload()
signal.signal(signal.SIGHUP, server.reload)
server.serve_forever()
