package io.waybill.cli;

import io.waybill.archive.RunArchive;
import io.waybill.archive.S3Output;
import io.waybill.manifest.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a transform publishes runs: a folder, or a place in S3. */
final class OutputChoice {

    @Option(
            names = "--to",
            required = true,
            paramLabel = "PLACE",
            description =
                    "The output, a folder or s3://bucket/prefix/: a folder for each run, with part-*.ndjson and, for"
                            + " lines that are no events, bad/part-*.ndjson. In S3 they lie in the folder that the run's _SUCCESS"
                            + " names.")
    private String to = "";

    RunOutput open(RunArchive archive) throws IOException {
        return isInS3()
                ? new OutputBucket(S3Output.at(to, archive.location()), archive::path)
                : OutputFolder.open(folder(), archive.location(), archive::path);
    }

    /** What the place begins with where a run is published: in S3 the claim's fence follows. */
    String target(RunArchive archive, RunId run) {
        String path = archive.path(run);
        return isInS3() ? bucket() + path : folder().resolve(path).normalize().toString();
    }

    /** Refuses an output that lies in the archive: its runs would be taken for input. */
    void requireApart(RunArchive archive) throws IOException {
        boolean within;
        if (isInS3()) {
            within = bucket().startsWith(archive.location());
        } else {
            Path input = archive.folder().orElse(null);
            within = input != null && withoutLinks(folder()).startsWith(input.toRealPath());
        }
        if (within) {
            throw new IllegalArgumentException("the output %s lies in the archive %s, want one outside"
                    .formatted(isInS3() ? bucket() : "folder " + folder(), archive.location()));
        }
    }

    private boolean isInS3() {
        return S3Output.isMeantBy(to);
    }

    private String bucket() {
        try (S3Output output = S3Output.at(to, "")) { // asks nothing of S3
            return output.location();
        }
    }

    private Path folder() {
        return Path.of(to).toAbsolutePath().normalize();
    }

    /** Where a path leads, which need not be there yet. */
    private static Path withoutLinks(Path path) throws IOException {
        Path parent = path.getParent();
        return parent == null || Files.exists(path)
                ? path.toRealPath()
                : withoutLinks(parent).resolve(parent.relativize(path));
    }
}
