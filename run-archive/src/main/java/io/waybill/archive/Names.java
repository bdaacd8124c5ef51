package io.waybill.archive;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What the names of files and folders in an archive say, and how they are ordered and shown. */
final class Names {

    /** The order of the UTF-8 bytes. */
    static final Comparator<String> BYTE_ORDER = (a, b) -> {
        int differ = Arrays.mismatch(a.toCharArray(), b.toCharArray());
        boolean within = differ >= 0 && differ < a.length() && differ < b.length();
        return within ? rank(a.charAt(differ)) - rank(b.charAt(differ)) : a.length() - b.length();
    };

    private static final List<String> TEMPORARY = List.of(".tmp", ".part", "._COPYING_");
    private static final List<String> NO_DATA = List.of(".crc", "$folder$");

    private Names() {}

    /** Whether any part of a path says that somebody is still writing. */
    static boolean isTemporary(String path) {
        return Arrays.stream(path.split("/")).anyMatch(name -> endsIn(name, TEMPORARY));
    }

    /** Whether any part of a path below a run says that this is no input file. */
    static boolean isIgnored(String path) {
        return Arrays.stream(path.split("/"))
                .anyMatch(name -> name.startsWith(".")
                        || name.startsWith("_")
                        || endsIn(name, TEMPORARY)
                        || endsIn(name, NO_DATA));
    }

    /** The text on one line, with its control characters written as escapes. */
    static String visible(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            if (Character.isISOControl(c)) {
                line.append("\\u%04x".formatted(c));
            } else {
                line.append((char) c);
            }
        });
        return line.toString();
    }

    /** In UTF-16 the surrogates stand before the last other characters, in UTF-8 what they mean stands behind all. */
    private static int rank(char c) {
        return Character.isSurrogate(c) ? c + Character.MAX_VALUE : c;
    }

    private static boolean endsIn(String name, List<String> endings) {
        return endings.stream().anyMatch(name::endsWith);
    }
}
