package io.waybill.event;

/**
 * One pass over a line whose columns are of the common forms; it gives up on every other line, and {@link
 * LineTransformer} takes that one. The hot class. For one thread.
 *
 * <p>It never decides that a line is bad, and what it writes is what the exact code would write. A line must be followed by
 * its line feed, and that by {@link #SLACK} bytes of whatever: loads and stores of eight bytes may reach beyond an end.
 *
 * <p>Methods are short and end where they would have to call, as the compiler keeps variables in registers only between
 * calls. Uncommon values go to the exact code one by one.
 */
final class FastPath {

    /** The answer for a line that is left to the exact code. */
    static final int ODD = JsonScanner.ODD;

    static final int SLACK = JsonScanner.SLACK;

    private static final int LAST = Field.COUNT - 1;
    private static final int LATITUDE = Field.GEO_LATITUDE.index();
    private static final int LONGITUDE = Field.GEO_LONGITUDE.index();

    /** More than what is written for a line beyond its own bytes, but for what asks for room itself. */
    private static final int OVERHEAD = Field.COUNT * 2 * Layout.KEY_WORDS * Long.BYTES;

    private static final long TABS = Swar.repeat('\t');
    private static final long TRUE = Swar.word("true");
    private static final long FALSE = Swar.word("false");

    /** The length of {@code yyyy-MM-dd HH:mm:ss.SSS}. */
    private static final int MILLIS = 23;

    private final Output out;
    private final FastEntities entities;

    // of the line at hand
    private byte[] kinds = {};
    private long[] keys = {};
    private byte[] keyLengths = {};
    private int from;
    private int limit;
    private int latitudeFrom;
    private int latitudeTo;
    private int longitudeFrom;
    private int longitudeTo;

    /** Where writing goes on; the length of the output follows when others are to write. */
    private int to;

    /** The last column that {@link #texts} wrote. */
    private int column;

    /** The date that was found to be one the last time: most of a line's are the same. */
    private long knownYearAndMonth;

    private long knownDay = -1;

    /** Appends to this output. */
    FastPath(Output out) {
        this.out = out;
        this.entities = new FastEntities(out);
    }

    /**
     * Appends the event of the line that starts here.
     *
     * @param limit an end of the line or after it
     * @param layout a common one
     * @return the place of the line feed that ends the line; or {@link #ODD}, and nothing was appended
     */
    int transform(byte[] line, int from, int limit, Layout layout) {
        this.from = from;
        this.limit = limit;
        kinds = layout.kinds;
        keys = layout.keyWords;
        keyLengths = layout.keyLengths;
        latitudeTo = 0;
        longitudeTo = 0;
        int mark = out.length;
        to = mark;
        makeRoom();
        int end = columns(line, from, layout);
        entities.clear();
        if (end == ODD) {
            out.length = mark;
            return ODD;
        }
        if (layout.geoLocationLast && latitudeTo != 0 && longitudeTo != 0) {
            writeGeoLocation(line);
        }
        close(mark);
        return end;
    }

    private void makeRoom() {
        out.ensure(limit - from + OVERHEAD);
    }

    private void close(int mark) {
        if (to == mark) {
            to++;
        }
        out.bytes[mark] = '{';
        out.bytes[to] = '}';
        out.length = to + 1;
    }

    private int columns(byte[] line, int from, Layout layout) {
        int at = from;
        int c = 0;
        while (true) {
            int present = c;
            int tabs;
            do {
                tabs = Swar.first(Swar.others(Swar.load(line, at), TABS));
                at += tabs;
                present += tabs;
            } while (tabs == Long.BYTES);
            if (present > LAST) {
                return ODD;
            }
            if (present > c) {
                writeEmpty(c, present, layout);
                c = present;
            }
            // what is below a carriage return starts no common value
            if ((line[at] & 0xFF) > '\r') {
                switch (kinds[c]) {
                    case Layout.TEXT -> {
                        at = texts(line, at, c);
                        c = column;
                    }
                    case Layout.INTEGER -> at = integer(line, at, c);
                    case Layout.NUMBER -> at = number(line, at, c);
                    case Layout.BOOLEAN -> at = bool(line, at, c);
                    case Layout.TIMESTAMP -> at = timestamp(line, at, c);
                    case Layout.CUSTOM_CONTEXTS, Layout.DERIVED_CONTEXTS, Layout.UNSTRUCT_EVENT ->
                        at = entities(line, at, c, layout);
                    default -> at = scalar(line, at, c);
                }
                if (at == ODD) {
                    return ODD;
                }
                if (line[at] == '\t') {
                    at++;
                    c++;
                    continue;
                }
            } else if (c == LAST) {
                writeEmpty(c, c + 1, layout);
            }
            return c == LAST ? end(line, at) : ODD;
        }
    }

    private static int end(byte[] line, int at) {
        int feed = line[at] == '\r' ? at + 1 : at;
        return line[feed] == '\n' ? feed : ODD;
    }

    private void writeEmpty(int first, int end, Layout layout) {
        int start = layout.emptyStarts[first];
        int length = layout.emptyStarts[end] - start;
        if (length > 0) {
            System.arraycopy(layout.empty, start, out.bytes, to, length);
            to += length;
        }
    }

    /** Writes this column, and those after it while they are texts too and not empty. */
    private int texts(byte[] line, int from, int first) {
        byte[] json = out.bytes;
        int at = from;
        int o = to;
        int c = first;
        while (true) {
            int key = c * Layout.KEY_WORDS;
            // no key of a text has more than three words
            Swar.store(json, o, keys[key]);
            Swar.store(json, o + 8, keys[key + 1]);
            Swar.store(json, o + 16, keys[key + 2]);
            o += keyLengths[c];
            while (true) {
                long word = Swar.load(line, at);
                Swar.store(json, o, word);
                long special = Swar.special(word);
                if (special == 0) {
                    at += Long.BYTES;
                    o += Long.BYTES;
                    continue;
                }
                int plain = Swar.first(special);
                at += plain;
                o += plain;
                if (line[at] == '\t') {
                    break;
                }
                to = o;
                at = unusual(line, at);
                if (at == ODD) {
                    return ODD;
                }
                json = out.bytes;
                o = to;
            }
            json[o++] = '"';
            if (c == LAST || kinds[c + 1] != Layout.TEXT || line[at + 1] == '\t') {
                to = o;
                column = c;
                return at;
            }
            at++;
            c++;
        }
    }

    /** Copies the characters beyond ASCII that start here, or escapes one character. */
    private int unusual(byte[] line, int from) {
        byte b = line[from];
        if (b >= 0) {
            return b == '\n' ? ODD : escape(b, from);
        }
        byte[] json = out.bytes;
        int at = from;
        do {
            int length = Utf8.sequence(line, at, line.length);
            if (length == 0) {
                return ODD;
            }
            Swar.store(json, to, Swar.load(line, at));
            at += length;
            to += length;
        } while (line[at] < 0);
        return at;
    }

    private int escape(byte b, int at) {
        out.length = to;
        out.escape(b);
        makeRoom();
        to = out.length;
        return at + 1;
    }

    private void writeKey(int c) {
        byte[] json = out.bytes;
        int key = c * Layout.KEY_WORDS;
        Swar.store(json, to, keys[key]);
        Swar.store(json, to + 8, keys[key + 1]);
        Swar.store(json, to + 16, keys[key + 2]);
        Swar.store(json, to + 24, keys[key + 3]);
        to += keyLengths[c];
    }

    private int integer(byte[] line, int from, int c) {
        long word = Swar.load(line, from);
        int digits = Swar.first(Swar.nonDigits(word));
        int at = from + digits;
        if (digits == 0 || line[at] != '\t' || (line[from] == '0' && digits > 1)) {
            return scalar(line, from, c);
        }
        writeKey(c);
        Swar.store(out.bytes, to, word);
        to += digits;
        return at;
    }

    /** Writes a number with at most seven digits before and after its point. */
    private int number(byte[] line, int from, int c) {
        int at = line[from] == '-' ? from + 1 : from;
        int digits = Swar.first(Swar.nonDigits(Swar.load(line, at)));
        if (digits == 0 || digits == Long.BYTES || (line[at] == '0' && digits > 1)) {
            return scalar(line, from, c);
        }
        at += digits;
        if (line[at] == '.') {
            digits = Swar.first(Swar.nonDigits(Swar.load(line, at + 1)));
            if (digits == 0 || digits == Long.BYTES) {
                return scalar(line, from, c);
            }
            at += digits + 1;
        }
        if (line[at] != '\t') {
            return scalar(line, from, c);
        }
        writeKey(c);
        byte[] json = out.bytes;
        Swar.store(json, to, Swar.load(line, from));
        Swar.store(json, to + 8, Swar.load(line, from + 8));
        to += at - from;
        rememberCoordinate(c, from, at);
        return at;
    }

    private void rememberCoordinate(int c, int from, int to) {
        if (c == LATITUDE) {
            latitudeFrom = from;
            latitudeTo = to;
        } else if (c == LONGITUDE) {
            longitudeFrom = from;
            longitudeTo = to;
        }
    }

    private int bool(byte[] line, int from, int c) {
        byte b = line[from];
        if (line[from + 1] != '\t' || (b & ~1) != '0') {
            return ODD;
        }
        writeKey(c);
        Swar.store(out.bytes, to, b == '1' ? TRUE : FALSE);
        to += b == '1' ? 4 : 5;
        return from + 1;
    }

    /** Writes a date and time with milliseconds. */
    private int timestamp(byte[] line, int from, int c) {
        long yearAndMonth = Swar.load(line, from);
        long dayAndMinute = Swar.load(line, from + 8);
        long seconds = Swar.load(line, from + MILLIS - Long.BYTES);
        int end = from + MILLIS;
        if (line[end] > '\r' || !isTime(dayAndMinute, seconds)) {
            return scalar(line, from, c);
        }
        long day = dayAndMinute & 0xFFFF;
        if (yearAndMonth != knownYearAndMonth || day != knownDay) {
            if (!Scalars.isDate(line, from)) {
                return ODD;
            }
            knownYearAndMonth = yearAndMonth;
            knownDay = day;
        }
        writeKey(c);
        byte[] json = out.bytes;
        int o = to;
        Swar.store(json, o, yearAndMonth);
        Swar.store(json, o + 8, dayAndMinute);
        Swar.store(json, o + MILLIS - Long.BYTES, seconds);
        json[o + 10] = 'T';
        json[o + MILLIS] = 'Z';
        json[o + MILLIS + 1] = '"';
        to = o + MILLIS + 2;
        return end;
    }

    /**
     * Whether the words are {@code dd HH:mm} with any two bytes for the day, and {@code m:ss.SSS}.
     *
     * <p>Exclusive or with the separators, and with {@code 0} for digits, leaves zero and the digits' values. To each byte
     * as much is added as reaches the high bit where the value is over what it may be: 0, 2, 5 or 9.
     */
    private static boolean isTime(long dayAndMinute, long seconds) {
        long minute = (dayAndMinute ^ 0x3030_3A30_3020_0000L) & ~0xFFFFL;
        long rest = seconds ^ 0x3030_302E_3030_3A30L;
        long over = (minute + 0x767A_7F76_7D7F_0000L) | (rest + 0x7676_767F_767A_7F76L) | minute | rest;
        long hour = ((minute >>> 24) & 0xFF) * 10 + ((minute >>> 32) & 0xFF);
        return (over & 0x8080_8080_8080_8080L) == 0 && hour < 24;
    }

    /** Leaves an uncommon value to the exact code, and the line if it is none at all. */
    private int scalar(byte[] line, int from, int c) {
        int end = columnEnd(line, from);
        writeKey(c);
        out.length = to;
        boolean good = LineTransformer.writeValue(kinds[c], line, from, end, out);
        if (!good) {
            return ODD;
        }
        makeRoom();
        to = out.length;
        rememberCoordinate(c, from, end);
        return end;
    }

    /** Where the column ends that starts here: at a tab, or at the line end in the last column. */
    private static int columnEnd(byte[] line, int from) {
        int at = from;
        while (true) {
            long controls = Swar.controls(Swar.load(line, at));
            at += Swar.first(controls);
            if (controls != 0) {
                if (line[at] == '\t') {
                    return at;
                }
                if (line[at] == '\n') {
                    return line[at - 1] == '\r' ? at - 1 : at;
                }
                at++;
            }
        }
    }

    private int entities(byte[] line, int from, int c, Layout layout) {
        out.length = to;
        boolean unstruct = kinds[c] == Layout.UNSTRUCT_EVENT;
        int end = unstruct ? entities.unstruct(line, from, layout) : entities.contexts(line, from, layout);
        if (end == ODD) {
            // most often for nothing but blanks between tokens
            end = entities.compact(line, from, limit, unstruct, layout);
            if (end == ODD) {
                return ODD;
            }
        }
        makeRoom();
        to = out.length;
        return end;
    }

    private void writeGeoLocation(byte[] line) {
        out.length = to;
        out.append(LineTransformer.GEO_LOCATION_KEY);
        out.append(line, latitudeFrom, latitudeTo);
        out.append(',');
        out.append(line, longitudeFrom, longitudeTo);
        out.append('"');
        out.ensure(1);
        to = out.length;
    }
}
