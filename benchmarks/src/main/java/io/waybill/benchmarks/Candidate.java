package io.waybill.benchmarks;

import io.waybill.event.EventTransformer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** All that is measured. To add one, add a constant: the test then holds its output against that of the others. */
public enum Candidate {
    BULK("transform(InputStream, OutputStream)", Kind.OURS) {
        @Override
        Work over(EventData data) {
            return new BulkTransform(data, EventTransformer.flattened());
        }
    },
    BYTES("transform(byte[])", Kind.OURS) {
        @Override
        Work over(EventData data) {
            return new LineTransform<>(data.lines(), EventTransformer.flattened()::transform);
        }
    },
    STRING("transform(String)", Kind.OURS) {
        @Override
        Work over(EventData data) {
            return new LineTransform<>(
                    data.lines().stream()
                            .map(line -> new String(line, StandardCharsets.UTF_8))
                            .toList(),
                    EventTransformer.flattened()::transform);
        }
    },
    SPLIT_AND_TREE("String.split and Jackson tree", Kind.PEER) {
        @Override
        Work over(EventData data) {
            return new SplitAndTree(data, SchemaKeys::plain);
        }
    },
    TREE_KNOWN_KEYS("the same, schemas' keys remembered", Kind.PEER) {
        @Override
        Work over(EventData data) {
            return new SplitAndTree(data, new SchemaKeys()::key);
        }
    },
    SPLIT_AND_STREAM("String.split and Jackson streaming", Kind.PEER) {
        @Override
        Work over(EventData data) {
            return new SplitAndStream(data);
        }
    },
    JACKSON_STREAMING("Jackson streaming, tuned", Kind.PEER) {
        @Override
        Work over(EventData data) throws IOException {
            return new JacksonStreaming(data, JacksonEntities.Copy.TOKENS);
        }
    },
    JACKSON_CHECKING("the same, data copied as bytes", Kind.PEER) {
        @Override
        Work over(EventData data) throws IOException {
            return new JacksonStreaming(data, JacksonEntities.Copy.BYTES);
        }
    },
    MEMORY_COPY("memory copy, to as much memory", Kind.LIMIT) {
        @Override
        Work over(EventData data) {
            return new MemoryCopy(data, data.tsv().length);
        }
    },
    BUFFER_COPY("memory copy, to a buffer of 64 KiB", Kind.LIMIT) {
        @Override
        Work over(EventData data) {
            return new MemoryCopy(data, 1 << 16);
        }
    },
    TAB_SCAN("tabs counted, byte by byte", Kind.LIMIT) {
        @Override
        Work over(EventData data) {
            return new TabScan(data);
        }
    };

    /** What a candidate is in the comparison. */
    enum Kind {
        /** The transformer. */
        OURS,
        /** Another way to the same JSON. */
        PEER,
        /** Less work than any transform has. */
        LIMIT
    }

    private final String title;
    private final Kind kind;

    Candidate(String title, Kind kind) {
        this.title = title;
        this.kind = kind;
    }

    /** What it is, in a few words. */
    String title() {
        return title;
    }

    Kind kind() {
        return kind;
    }

    /** Makes the work ready. */
    abstract Work over(EventData data) throws IOException;
}
