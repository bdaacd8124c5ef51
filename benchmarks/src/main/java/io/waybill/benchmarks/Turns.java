package io.waybill.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Lets JVMs work one at a time, each a moment in every round, so that all of them meet the machine in the same state. */
final class Turns implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 200;

    private final ServerSocket server;
    private final @Nullable Socket[] players;

    /** Opens a place to wait for so many JVMs. */
    Turns(int count) throws IOException {
        players = new @Nullable Socket[count];
        server = new ServerSocket(0, count, InetAddress.getLoopbackAddress());
        server.setSoTimeout(PATIENCE_MILLIS);
    }

    /** Flags for the JVM that comes at this place in a round. */
    List<String> jvmArgs(int place) {
        return Turn.jvmArgs(port(), place);
    }

    /** Where to join. */
    int port() {
        return server.getLocalPort();
    }

    /**
     * Waits until all JVMs are there.
     *
     * @param goOn whether to wait any longer
     * @return false if it was not waited any longer
     */
    boolean awaitAll(BooleanSupplier goOn) throws IOException {
        for (int missing = players.length; missing > 0; ) {
            if (!goOn.getAsBoolean()) {
                return false;
            }
            Socket player = acceptSoon();
            if (player != null) {
                players[player.getInputStream().read()] = player;
                missing--;
            }
        }
        return true;
    }

    private @Nullable Socket acceptSoon() throws IOException {
        try {
            return server.accept();
        } catch (SocketTimeoutException e) {
            return null;
        }
    }

    /** Gives each JVM one turn; false when one of them has ended. */
    boolean round() throws IOException {
        for (Socket player : players) {
            if (player == null || player.getInputStream().read() != Turn.READY) {
                return false;
            }
            player.getOutputStream().write(Turn.GO);
            if (player.getInputStream().read() != Turn.DONE) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        for (Socket player : players) {
            if (player != null) {
                player.close();
            }
        }
        server.close();
    }
}
