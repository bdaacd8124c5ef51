package io.waybill.benchmarks;

import io.waybill.event.EventTransformer;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole processes on one small file, from their start to their end, each in a fresh JVM with the collector that the
 * {@code waybill} launcher asks for.
 */
final class ColdStart {

    static final String NOTHING = "java -version";
    static final String INFLATE = "inflate";
    static final String TRANSFORM = "inflate, transform and write";
    static final String TOOL = "waybill transform";

    private static final String DATA = "one file";

    private final Path launcher;
    private final Path folder;
    private final GzipFiles input;

    /** Writes the file into an archive of its own under the folder; the launcher is the {@code waybill} script. */
    ColdStart(Path launcher, Path folder, long plainBytes) throws IOException {
        this.launcher = launcher;
        this.folder = folder;
        input = GzipFiles.write(archive().resolve("run=2017-04-11-09-00-00"), 1, plainBytes);
    }

    private Path archive() {
        return folder.resolve("archive");
    }

    /** The size of the file when inflated. */
    long plainBytes() {
        return input.plainBytes();
    }

    /** Runs each process once, the tool with a manifest and an output folder of its own. */
    List<Sample> measure(int round) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(folder, "round");
        String gzip = input.files().get(0).toString();
        List<Sample> samples = List.of(
                process(round, NOTHING, work, java("-version")),
                process(round, INFLATE, work, java("-cp", classPath(), OneFile.class.getName(), gzip)),
                process(
                        round,
                        TRANSFORM,
                        work,
                        java(
                                "-cp",
                                classPath(),
                                OneFile.class.getName(),
                                gzip,
                                work.resolve("ndjson").toString())),
                process(
                        round,
                        TOOL,
                        work,
                        List.of(launcher.toString(), "transform", archive().toString(), "--to", "json")));
        Folders.delete(work);
        return samples;
    }

    private static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(TimedProcess.java(), "-XX:+UseSerialGC"));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The transformer and this class, no more. */
    private static String classPath() {
        return placeOf(EventTransformer.class) + File.pathSeparator + placeOf(OneFile.class);
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("%s was loaded from no file".formatted(type), e);
        }
    }

    private Sample process(int round, String title, Path work, List<String> command)
            throws IOException, InterruptedException {
        double seconds = TimedProcess.seconds(command, work);
        return new Sample(round, DATA, title, input.plainBytes() / seconds, input.events() / seconds, Double.NaN);
    }
}
