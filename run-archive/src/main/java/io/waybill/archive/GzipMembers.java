package io.waybill.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The data of a gzip file of one or more members (RFC 1952), every byte accounted for: it ends at the end of the file,
 * behind a complete member and no more than zero bytes, or it throws. Unlike {@link java.util.zip.GZIPInputStream} it
 * never asks the source what is available, and takes nothing behind a member for the end.
 */
final class GzipMembers extends CheckedStream {

    static final int MAGIC_0 = 0x1f;
    static final int MAGIC_1 = 0x8b;
    static final int BUFFER = 64 * 1024;

    private static final int DEFLATE = 8;
    private static final int F_HEADER_CRC = 0x02;
    private static final int F_EXTRA = 0x04;
    private static final int F_NAME = 0x08;
    private static final int F_COMMENT = 0x10;
    private static final int F_RESERVED = 0xe0;

    private final InputStream source;
    private final String file;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();

    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private long before; // offset of the buffer in the file

    private long size; // of the member's data so far
    private boolean inMember;
    private boolean ended;

    /** Reads the source from its first byte and closes it; the file's name is for messages. */
    GzipMembers(InputStream source, String file) {
        super(file);
        this.source = source;
        this.file = file;
    }

    @Override
    void release() throws IOException {
        inflater.end();
        source.close();
    }

    @Override
    int readChecked(byte[] to, int offset, int length) throws IOException {
        while (inMember || nextMember()) {
            int count;
            try {
                count = inflater.inflate(to, offset, length);
            } catch (DataFormatException e) {
                throw new IOException(message("damaged data (%s)".formatted(e.getMessage()), inflated()), e);
            }
            if (count > 0) {
                crc.update(to, offset, count);
                size += count;
                return count;
            }
            if (inflater.finished()) {
                position = limit - inflater.getRemaining();
                trailer();
            } else if (inflater.needsDictionary() || !inflater.needsInput()) {
                throw failed("damaged data (they need what gzip has not)", inflated());
            } else {
                position = limit;
                if (!fill()) {
                    throw cutShort("data");
                }
                inflater.setInput(buffer, 0, limit);
            }
        }
        return -1;
    }

    /** Reads a member's header; false at the end of the file. */
    private boolean nextMember() throws IOException {
        if (ended || atEnd()) {
            return false;
        }
        long start = offset();
        boolean first = start == 0;
        int magic = next("header");
        if (!first && magic == 0) {
            zerosToTheEnd(start);
            return false;
        }
        if (magic != MAGIC_0) {
            throw notAMember(first, start, "%02x".formatted(magic));
        }
        crc.reset();
        crc.update(magic);
        magic = header();
        if (magic != MAGIC_1) {
            throw notAMember(first, start, "1f %02x".formatted(magic));
        }
        restOfHeader();
        crc.reset();
        size = 0;
        inflater.reset();
        inflater.setInput(buffer, position, limit - position);
        inMember = true;
        return true;
    }

    private boolean atEnd() throws IOException {
        if (position < limit || fill()) {
            return false;
        }
        if (offset() == 0) {
            throw failed("no gzip data: the file is empty", 0);
        }
        ended = true;
        return true;
    }

    private void zerosToTheEnd(long start) throws IOException {
        while (position < limit || fill()) {
            if (buffer[position++] != 0) {
                throw notAMember(false, start, "00 and later %02x".formatted(buffer[position - 1] & 0xff));
            }
        }
        ended = true;
    }

    private void restOfHeader() throws IOException {
        int method = header();
        if (method != DEFLATE) {
            throw failed("compression method %d where gzip knows only 8".formatted(method), offset() - 1);
        }
        int flags = header();
        if ((flags & F_RESERVED) != 0) {
            throw failed("reserved flags set in the header (%02x)".formatted(flags), offset() - 1);
        }
        skipHeader(6); // time, extra flags, operating system
        if ((flags & F_EXTRA) != 0) {
            skipHeader(header() | header() << 8);
        }
        if ((flags & F_NAME) != 0) {
            skipHeaderText();
        }
        if ((flags & F_COMMENT) != 0) {
            skipHeaderText();
        }
        if ((flags & F_HEADER_CRC) != 0) {
            long start = offset();
            int found = (int) crc.getValue() & 0xffff;
            int stored = next("header") | next("header") << 8;
            if (found != stored) {
                throw failed("header checksum %04x, but the header's is %04x".formatted(stored, found), start);
            }
        }
    }

    private void trailer() throws IOException {
        long start = offset();
        long storedCrc = littleEndian();
        if (storedCrc != crc.getValue()) {
            throw failed("checksum %08x, but the data's is %08x".formatted(storedCrc, crc.getValue()), start);
        }
        long storedSize = littleEndian();
        if (storedSize != (size & 0xffff_ffffL)) { // the field holds the size modulo 2^32
            throw failed("length %d, but the data have %d bytes".formatted(storedSize, size), start + 4);
        }
        inMember = false;
    }

    private long littleEndian() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            value |= (long) next("trailer") << shift;
        }
        return value;
    }

    private void skipHeader(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            header();
        }
    }

    private void skipHeaderText() throws IOException {
        while (header() != 0) {
            // up to its zero byte
        }
    }

    /** The next byte of a header, which counts for its checksum. */
    private int header() throws IOException {
        int value = next("header");
        crc.update(value);
        return value;
    }

    private int next(String where) throws IOException {
        if (position == limit && !fill()) {
            throw cutShort(where);
        }
        return buffer[position++] & 0xff;
    }

    /** Replaces the buffer by what the source gives next; false, with the buffer used up, at the end of the source. */
    private boolean fill() throws IOException {
        int count = source.read(buffer, 0, buffer.length);
        if (count == 0) {
            throw failed("a source that gives no bytes", offset());
        }
        if (count < 0) {
            return false;
        }
        before += limit;
        position = 0;
        limit = count;
        return true;
    }

    private long offset() {
        return before + position;
    }

    private long inflated() {
        return before + limit - inflater.getRemaining();
    }

    private IOException notAMember(boolean first, long start, String bytes) {
        return first
                ? failed("not gzip: it starts with the bytes %s, want 1f 8b".formatted(bytes), start)
                : failed("garbage after the last gzip member: the bytes %s".formatted(bytes), start);
    }

    private IOException cutShort(String where) {
        return failed("truncated in a gzip member's " + where, offset());
    }

    private IOException failed(String what, long at) {
        return new IOException(message(what, at));
    }

    private String message(String what, long at) {
        return "%s: %s, at byte %d of the compressed file".formatted(file, what, at);
    }
}
