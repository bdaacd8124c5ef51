package io.waybill.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The side of {@link Turns} in a JVM that is measured; where nobody gives turns, every moment is right. */
final class Turn {

    static final int READY = 'r';
    static final int GO = 'g';
    static final int DONE = 'd';

    /** The turn where nobody gives turns. */
    static final Turn ALWAYS = new Turn(null);

    private static final String PORT = "waybill.turns.port";
    private static final String PLACE = "waybill.turns.place";

    private final @Nullable Socket turns;

    private Turn(@Nullable Socket turns) {
        this.turns = turns;
    }

    static List<String> jvmArgs(int port, int place) {
        return List.of("-D" + PORT + "=" + port, "-D" + PLACE + "=" + place);
    }

    /** Says that this JVM is there, to whom its flags name. */
    static Turn join() throws IOException {
        Integer port = Integer.getInteger(PORT);
        return port == null ? ALWAYS : join(port, Integer.getInteger(PLACE, 0));
    }

    /** Says that who comes at this place in a round is there. */
    static Turn join(int port, int place) throws IOException {
        Socket turns = new Socket(InetAddress.getLoopbackAddress(), port);
        turns.setTcpNoDelay(true);
        turns.getOutputStream().write(place);
        return new Turn(turns);
    }

    /** Waits for the turn. */
    void begin() throws IOException {
        if (turns != null) {
            turns.getOutputStream().write(READY);
            if (turns.getInputStream().read() != GO) {
                throw new IOException("who gives the turns has ended");
            }
        }
    }

    /** Passes the turn on. */
    void end() throws IOException {
        if (turns != null) {
            turns.getOutputStream().write(DONE);
        }
    }
}
