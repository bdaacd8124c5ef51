package io.waybill.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The steps that are measured in this JVM, each over all files. */
final class WarmFiles implements AutoCloseable {

    /** What a step does to one file. */
    @FunctionalInterface
    private interface Step {
        void run(Path gzip, Path target) throws IOException;
    }

    static final String INFLATE = "inflate";
    static final String INFLATE_AND_WRITE = "inflate, and write as many bytes";
    static final String TRANSFORM = "inflate, transform and write";
    static final String INFLATE_IN_TWO = INFLATE + ", two threads";
    static final String TRANSFORM_IN_TWO = TRANSFORM + ", two threads";

    private static final String DATA = "files";

    private final GzipFiles input;
    private final Path folder;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Map<Path, Long> jsonBytes = new HashMap<>();

    /** Prepares the steps, for which each file is transformed once. */
    WarmFiles(GzipFiles input, Path folder) throws IOException {
        this.input = input;
        this.folder = folder;
        for (Path gzip : input.files()) {
            Path target = target(gzip);
            OneFile.transform(gzip, target);
            jsonBytes.put(gzip, Files.size(target));
            Files.delete(target);
        }
    }

    /** Runs each step once over all files. */
    List<Sample> measure(int round) throws IOException, InterruptedException {
        Step inflate = (gzip, target) -> OneFile.inflate(gzip);
        Step write = (gzip, target) -> OneFile.inflateAndWrite(gzip, target, jsonBytes.getOrDefault(gzip, 0L));
        return List.of(
                alone(round, INFLATE, inflate),
                alone(round, INFLATE_AND_WRITE, write),
                alone(round, TRANSFORM, OneFile::transform),
                together(round, INFLATE_IN_TWO, inflate),
                together(round, TRANSFORM_IN_TWO, OneFile::transform));
    }

    private Sample alone(int round, String title, Step step) throws IOException {
        long start = System.nanoTime();
        for (Path gzip : input.files()) {
            step.run(gzip, target(gzip));
        }
        return ended(round, title, start);
    }

    private Sample together(int round, String title, Step step) throws IOException, InterruptedException {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (Path gzip : input.files()) {
            tasks.add(() -> {
                step.run(gzip, target(gzip));
                return true;
            });
        }
        long start = System.nanoTime();
        for (Future<Boolean> done : threads.invokeAll(tasks)) {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw new IOException("%s: %s".formatted(title, e.getCause()), e);
            }
        }
        return ended(round, title, start);
    }

    /** Stops the clock; then removes what was written, so that no step pays for the disk writes of another. */
    private Sample ended(int round, String title, long start) throws IOException {
        double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
        for (Path gzip : input.files()) {
            Files.deleteIfExists(target(gzip));
        }
        return new Sample(round, DATA, title, input.plainBytes() / seconds, input.events() / seconds, Double.NaN);
    }

    private Path target(Path gzip) {
        return folder.resolve(gzip.getFileName() + ".ndjson");
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
