package io.waybill.archive;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the marker of a published run says.
 *
 * @param fence the fence that counts
 * @param id a random text, so that no two publications are alike
 * @param archive where the run comes from, as it stands in JSON
 */
record S3Marker(long fence, String id, String archive) {

    private static final String FOLDER = "fence=";
    private static final Pattern FENCE_IN_KEY = Pattern.compile(FOLDER + "(\\d{1,18})/.*", Pattern.DOTALL);
    private static final Pattern FENCE = Pattern.compile("\"fence\"\\s*:\\s*(\\d{1,18})");
    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"\\\\]*)\"");
    private static final Pattern ARCHIVE = Pattern.compile("\"archive\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    static S3Marker of(long fence, String id, String archive) {
        return new S3Marker(fence, id, escaped(archive));
    }

    /** The marker that a text is, if it is one. */
    static Optional<S3Marker> parse(String json) {
        Matcher fence = FENCE.matcher(json);
        Matcher id = ID.matcher(json);
        Matcher archive = ARCHIVE.matcher(json);
        return fence.find() && id.find() && archive.find()
                ? Optional.of(new S3Marker(Long.parseLong(fence.group(1)), id.group(1), archive.group(1)))
                : Optional.empty();
    }

    String toJson() {
        return "{\"fence\":%d,\"folder\":\"%s\",\"id\":\"%s\",\"archive\":\"%s\"}\n"
                .formatted(fence, folder(fence), id, archive);
    }

    /** The folder of a fence, below the run's. */
    static String folder(long fence) {
        return FOLDER + fence + "/";
    }

    /** What the names of all folders of fences begin with. */
    static String folders() {
        return FOLDER;
    }

    /** The fence in whose folder something lies, by its path below the run's folder; none if it lies elsewhere. */
    static Optional<Long> fenceOf(String path) {
        Matcher fence = FENCE_IN_KEY.matcher(path);
        return fence.matches() ? Optional.of(Long.valueOf(fence.group(1))) : Optional.empty();
    }

    private static String escaped(String text) {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append("\\u%04x".formatted((int) c));
            } else {
                json.append(c);
            }
        }
        return json.toString();
    }
}
