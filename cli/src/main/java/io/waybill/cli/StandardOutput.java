package io.waybill.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.regex.Pattern;

/**
 * An output whose reader may have had enough, as {@code head} has: what nobody will read is dropped. That it cannot be
 * written for another reason is an error.
 */
final class StandardOutput extends FilterOutputStream {

    // Java has no exception of its own for it; the latter two are Windows's
    private static final Pattern CLOSED_PIPE =
            Pattern.compile("broken pipe|pipe is being closed|pipe has been ended", Pattern.CASE_INSENSITIVE);

    private boolean unread;

    StandardOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        if (unread) {
            return;
        }
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            unread = CLOSED_PIPE.matcher(String.valueOf(e.getMessage())).find();
            if (!unread) {
                throw e;
            }
        }
    }
}
