package io.waybill.manifest.jdbc;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A way to a server on this machine that cuts connections when it is told to: those that send some text, before the server
 * gets it or before the client gets the answer. Safe for use by many threads.
 */
final class CuttingProxy implements Closeable {

    /** When a connection is cut. */
    enum Moment {
        BEFORE_THE_SERVER_GETS_IT,
        BEFORE_THE_ANSWER_ARRIVES
    }

    private static final int BUFFER = 1 << 16;

    private final ServerSocket listener;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private String text = ""; // guarded by this, as are the next two
    private Moment moment = Moment.BEFORE_THE_SERVER_GETS_IT;
    private int times;

    CuttingProxy(int target) {
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.target = target;
        begin(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Orders the next connections that send the text to be cut, so many of them. */
    synchronized void cut(String sent, Moment when, int howOften) {
        text = sent;
        moment = when;
        times = howOften;
    }

    /** How many of the cuts that were ordered have not been made. */
    synchronized int left() {
        return times;
    }

    private synchronized boolean isCut(String sent, Moment when) {
        if (times == 0 || moment != when || !sent.contains(text)) {
            return false;
        }
        times--;
        return true;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                Connection connection = new Connection(client, server);
                begin(connection::forward);
                begin(connection::back);
            }
        } catch (IOException e) {
            // the proxy was closed
        }
    }

    private static void begin(Runnable pump) {
        Thread thread = new Thread(pump, "cutting-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** A connection on its way through. */
    private final class Connection {

        private final Socket client;
        private final Socket server;
        private volatile boolean cutAtAnswer;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void forward() {
            try (client;
                    server) {
                InputStream from = client.getInputStream();
                OutputStream to = server.getOutputStream();
                byte[] buffer = new byte[BUFFER];
                for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                    String sent = new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                    if (isCut(sent, Moment.BEFORE_THE_SERVER_GETS_IT)) {
                        return;
                    }
                    cutAtAnswer = cutAtAnswer || isCut(sent, Moment.BEFORE_THE_ANSWER_ARRIVES);
                    to.write(buffer, 0, n);
                }
            } catch (IOException e) {
                // one side hung up, and so does the other
            }
        }

        void back() {
            try (client;
                    server) {
                InputStream from = server.getInputStream();
                OutputStream to = client.getOutputStream();
                byte[] buffer = new byte[BUFFER];
                for (int n = from.read(buffer); n >= 0 && !cutAtAnswer; n = from.read(buffer)) {
                    to.write(buffer, 0, n);
                }
            } catch (IOException e) {
                // one side hung up, and so does the other
            }
        }
    }
}
