package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.RunFile;
import io.waybill.archive.RunFingerprint;
import io.waybill.archive.RunInspection;
import io.waybill.event.BadRow;
import io.waybill.event.BadRowSink;
import io.waybill.event.EventTransformer;
import io.waybill.event.TransformCounts;
import io.waybill.manifest.Claim;
import io.waybill.manifest.RunHandler;
import io.waybill.manifest.RunId;
import io.waybill.manifest.RunManifest;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What {@code transform} does with one run: its files to NDJSON, several at a time, published as a whole. */
final class RunTransform implements RunHandler {

    /** How the output is compressed. */
    enum Compression {
        NONE(""),
        GZIP(".gz");

        private final String suffix;

        Compression(String suffix) {
            this.suffix = suffix;
        }
    }

    private final RunManifest manifest;
    private final RunArchive archive;
    private final RunOutput output;
    private final Compression compression;
    private final ExecutorService threads;
    private final Progress progress;
    private final EventTransformer transformer = EventTransformer.flattened();
    private final Map<RunId, List<RunFile>> ready = new ConcurrentHashMap<>();

    RunTransform(
            RunManifest manifest,
            RunArchive archive,
            RunOutput output,
            Compression compression,
            ExecutorService threads,
            Progress progress) {
        this.manifest = manifest;
        this.archive = archive;
        this.output = output;
        this.compression = compression;
        this.threads = threads;
        this.progress = progress;
    }

    /** Remembers what a look into a run found, until it is claimed. */
    void expect(RunInspection inspection) {
        ready.put(inspection.run(), inspection.files());
    }

    @Override
    public Map<String, String> handle(Claim claim) throws IOException, InterruptedException {
        List<RunFile> files = Objects.requireNonNull(ready.remove(claim.run()), "a run that was not looked into");
        long start = System.nanoTime();
        try (RunOutput.Stage stage = output.begin(claim)) {
            TransformCounts counts = transformAll(files, stage);
            String where = stage.publish(() -> manifest.renew(claim));
            Map<String, String> details = details(where, files, counts);
            details.put("took_ms", Long.toString((System.nanoTime() - start) / 1_000_000));
            return details;
        }
    }

    private Map<String, String> details(String where, List<RunFile> files, TransformCounts counts) {
        Map<String, String> details = new TreeMap<>();
        details.put("archive", archive.location());
        details.put("output", where);
        details.putAll(RunFingerprint.of(files).toDetails());
        details.put("events", Long.toString(counts.events()));
        details.put("bad_rows", Long.toString(counts.badRows()));
        return details;
    }

    private TransformCounts transformAll(List<RunFile> files, RunOutput.Stage stage)
            throws IOException, InterruptedException {
        FileTasks tasks = new FileTasks();
        try {
            for (int i = 0; i < files.size(); i++) {
                tasks.begin(
                        files.get(i), stage, String.format(Locale.ROOT, "part-%05d.ndjson%s", i, compression.suffix));
            }
            return tasks.counts();
        } finally {
            tasks.stop();
        }
    }

    private TransformCounts transform(RunFile file, RunOutput.Stage stage, String part, LongConsumer onRead)
            throws IOException {
        try (InputStream tsv = archive.open(file, onRead);
                OutputStream target = stage.create(part);
                OutputStream ndjson = compressed(target);
                BadRowFile badRows = new BadRowFile(file, stage, "bad/" + part)) {
            TransformCounts counts = transformer.transform(tsv, ndjson, badRows);
            progress.transformed(counts);
            return counts;
        }
    }

    private OutputStream compressed(OutputStream out) throws IOException {
        return compression == Compression.GZIP ? new GZIPOutputStream(out, 1 << 16) : out;
    }

    /** The files of one run under way. */
    private final class FileTasks {

        private final List<CompletableFuture<TransformCounts>> futures = new ArrayList<>();
        private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
        private volatile boolean stopped;

        void begin(RunFile file, RunOutput.Stage stage, String part) {
            futures.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return transform(file, stage, part, this::read);
                        } catch (IOException e) { // the others need not go on
                            IOException why = new IOException("%s: %s".formatted(file.name(), Main.message(e)), e);
                            failure.compareAndSet(null, why);
                            stopped = true;
                            throw new UncheckedIOException(why);
                        }
                    },
                    threads));
        }

        TransformCounts counts() throws IOException, InterruptedException {
            TransformCounts sum = new TransformCounts(0, 0);
            try {
                for (Future<TransformCounts> future : futures) {
                    sum = sum.plus(future.get());
                }
                return sum;
            } catch (ExecutionException e) {
                IOException first = failure.get();
                if (first != null) {
                    throw first;
                }
                throw new IOException("a file could not be transformed: " + e.getCause(), e.getCause());
            }
        }

        /** Stops what is still running, and returns when it has ended. */
        void stop() {
            stopped = true;
            CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                    .exceptionally(e -> null)
                    .join();
        }

        private void read(long bytes) {
            if (stopped) {
                throw new CancellationException("another file of the run has failed, or the run was given up");
            }
            progress.read(bytes);
        }
    }

    /** The bad rows of one file; there is no file where there are none. */
    private final class BadRowFile implements BadRowSink, Closeable {

        private final RunFile from;
        private final RunOutput.Stage stage;
        private final String name;
        private @Nullable OutputStream out;

        BadRowFile(RunFile from, RunOutput.Stage stage, String name) {
            this.from = from;
            this.stage = stage;
            this.name = name;
        }

        @Override
        public void accept(BadRow row) throws IOException {
            OutputStream target = out;
            if (target == null) {
                target = compressed(new BufferedOutputStream(stage.create(name), 1 << 16));
                out = target;
            }
            target.write(row.toJson(from.name()));
            target.write('\n');
        }

        @Override
        public void close() throws IOException {
            if (out != null) {
                out.close();
            }
        }
    }
}
