package io.waybill.event;

import java.io.Serializable;

/**
 * The schema of an entity, as its Iglu URI names it: {@code iglu:com.acme/page_view/jsonschema/1-0-2}.
 *
 * @param vendor who made the schema: letters, digits, {@code _}, {@code .} and {@code -}
 * @param name what it describes: letters, digits, {@code _} and {@code -}
 * @param format the language it is written in, nearly always {@code jsonschema}; the same characters as the name
 * @param version model, revision and addition with {@code -} between them, such as {@code 1-0-2}; none has leading
 *     zeros, the model is at least 1, and each may be of any size
 */
public record SchemaKey(String vendor, String name, String format, String version) implements Serializable {

    private static final String PREFIX = "iglu:";
    private static final int PARTS = 4;

    /** Checks the parts: together they are an Iglu URI, or this is an {@link IllegalArgumentException}. */
    public SchemaKey {
        nameOf(uri(vendor, name, format, version));
    }

    /**
     * Takes an Iglu URI apart.
     *
     * @param uri such as {@code iglu:com.acme/page_view/jsonschema/1-0-2}, and nothing before or after it
     * @return its parts
     * @throws IllegalArgumentException if the text is no Iglu URI
     */
    public static SchemaKey parse(String uri) {
        nameOf(uri);
        String[] parts = uri.substring(PREFIX.length()).split("/", PARTS);
        return new SchemaKey(parts[0], parts[1], parts[2], parts[3]);
    }

    /**
     * The Iglu URI.
     *
     * @return the text that {@link #parse} takes
     */
    public String uri() {
        return uri(vendor, name, format, version);
    }

    private static String uri(String vendor, String name, String format, String version) {
        return PREFIX + vendor + '/' + name + '/' + format + '/' + version;
    }

    /** No part can hold a slash, so that parts which make a URI together are that URI's parts. */
    private static String nameOf(String uri) {
        IgluUri parts = IgluUri.parse(uri);
        if (parts == null) {
            throw new IllegalArgumentException("'%s' is no Iglu URI, want iglu:vendor/name/format/1-0-0"
                    .formatted(Utf8.clip(uri, BadRow.VALUE_CODE_POINTS)));
        }
        return parts.keyName();
    }

    /**
     * What entities of this model have in their keys and columns: vendor, name and model in lower case with underscores.
     *
     * @return such as {@code com_acme_page_view_1}
     */
    public String key() {
        return nameOf(uri());
    }

    /**
     * The first part of the version; a change of it breaks readers of the old one.
     *
     * @return at least 1
     * @throws ArithmeticException if it does not fit an int
     */
    public int model() {
        return versionPart(0);
    }

    /**
     * The second part of the version; a change of it may break readers of the old one.
     *
     * @return at least 0
     * @throws ArithmeticException if it does not fit an int
     */
    public int revision() {
        return versionPart(1);
    }

    /**
     * The third part of the version; a change of it breaks nobody.
     *
     * @return at least 0
     * @throws ArithmeticException if it does not fit an int
     */
    public int addition() {
        return versionPart(2);
    }

    private int versionPart(int index) {
        String part = version.split("-", -1)[index];
        if (part.length() > 10 || Long.parseLong(part) > Integer.MAX_VALUE) {
            throw new ArithmeticException("%s in version %s does not fit an int"
                    .formatted(
                            Utf8.clip(part, BadRow.VALUE_CODE_POINTS), Utf8.clip(version, BadRow.VALUE_CODE_POINTS)));
        }
        return Integer.parseInt(part);
    }

    /** The Iglu URI. */
    @Override
    public String toString() {
        return uri();
    }
}
