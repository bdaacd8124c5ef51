package io.waybill.event;

import java.nio.charset.StandardCharsets;

/** Questions about single bytes. */
final class Ascii {

    private Ascii() {}

    static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hex(byte b) {
        return Character.digit(b, 16);
    }
}
