package io.waybill.cli;

import io.waybill.event.EventTransformer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.stream.LongStream;

/** Transforms events of which each entity has a schema that none had before. */
final class DistinctSchemas {

    private static final int ENTITIES_PER_EVENT = 50;
    private static final int CONTEXTS = 52;
    private static final int COLUMNS = 131;

    private DistinctSchemas() {}

    /** Takes the number of schemas, and prints what the transformer counted. */
    @SuppressWarnings("JdkObsolete") // a sequence of streams asks for an enumeration
    public static void main(String[] arguments) throws IOException {
        long events = Long.parseLong(arguments[0]) / ENTITIES_PER_EVENT;
        Iterator<InputStream> lines =
                LongStream.range(0, events).mapToObj(DistinctSchemas::line).iterator();
        Enumeration<InputStream> streams = new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return lines.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return lines.next();
            }
        };
        System.out.println(EventTransformer.flattened()
                .transform(new SequenceInputStream(streams), OutputStream.nullOutputStream(), bad -> {
                    throw new AssertionError(bad);
                }));
    }

    private static InputStream line(long event) {
        StringBuilder line = new StringBuilder("\t".repeat(CONTEXTS)).append("{\"data\":[");
        for (long schema = event * ENTITIES_PER_EVENT; schema < (event + 1) * ENTITIES_PER_EVENT; schema++) {
            line.append("{\"schema\":\"iglu:com.acme/thing").append(schema).append("/jsonschema/1-0-0\",\"data\":1},");
        }
        line.setCharAt(line.length() - 1, ']');
        line.append('}').append("\t".repeat(COLUMNS - 1 - CONTEXTS)).append('\n');
        return new ByteArrayInputStream(line.toString().getBytes(StandardCharsets.UTF_8));
    }
}
