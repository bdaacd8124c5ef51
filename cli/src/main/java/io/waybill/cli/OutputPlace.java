package io.waybill.cli;

import io.waybill.archive.S3Output;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** A place that an archive's runs were published into, as one who looks whether they are still there. */
interface OutputPlace extends AutoCloseable {

    /** What is wrong with a run's output; empty if it is there. */
    Optional<String> missing(String output, String path) throws IOException;

    /** Tells of each run of the archive that is published there and not known: its path, and where it is. */
    void findUnknown(Predicate<String> isKnown, BiConsumer<String, String> found) throws IOException;

    @Override
    void close();

    /** What a run's path is published below; empty if the output does not lie as {@code transform} has it. */
    static Optional<String> rootOf(String output, String path) {
        String folder = S3Output.isMeantBy(output)
                ? output.replaceFirst("fence=\\d+/$", "")
                : output.replace(File.separatorChar, '/') + "/";
        return folder.endsWith("/" + path)
                ? Optional.of(folder.substring(0, folder.length() - path.length()))
                : Optional.empty();
    }

    static OutputPlace at(String root, String archive, int depth) {
        return S3Output.isMeantBy(root)
                ? new Bucket(S3Output.at(root, archive), depth)
                : new Folder(Path.of(root), archive);
    }

    /** Below a local folder. */
    record Folder(Path root, String archive) implements OutputPlace {

        @Override
        public Optional<String> missing(String output, String path) {
            return Files.isDirectory(Path.of(output)) ? Optional.empty() : Optional.of(output + " is not there");
        }

        @Override
        public void findUnknown(Predicate<String> isKnown, BiConsumer<String, String> found) throws IOException {
            if (!Files.isDirectory(root)) {
                return;
            }
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                        throws IOException {
                    Path name = folder.getFileName();
                    if (name != null && name.toString().startsWith(".") && !folder.equals(root)) {
                        return FileVisitResult.SKIP_SUBTREE; // being written
                    }
                    Path marker = folder.resolve(OutputFolder.MARKER);
                    if (!Files.exists(marker)) {
                        return FileVisitResult.CONTINUE;
                    }
                    String path = root.relativize(folder).toString().replace('\\', '/') + "/";
                    if (Files.readString(marker).endsWith(" " + archive) && !isKnown.test(path)) {
                        found.accept(path, folder.toString());
                    }
                    return FileVisitResult.SKIP_SUBTREE;
                }
            });
        }

        @Override
        public void close() {}
    }

    /** In S3. */
    record Bucket(S3Output place, int depth) implements OutputPlace {

        @Override
        public Optional<String> missing(String output, String path) throws IOException {
            Optional<String> published = place.published(path);
            if (published.isEmpty()) {
                return Optional.of(output + " is not there, or no " + S3Output.MARKER + " names it");
            }
            return published
                    .filter(there -> !there.equals(output))
                    .map(there -> "%s is what %s names, and not %s".formatted(there, S3Output.MARKER, output));
        }

        @Override
        public void findUnknown(Predicate<String> isKnown, BiConsumer<String, String> found) throws IOException {
            for (String path : place.publishedBut(isKnown, depth)) {
                found.accept(path, place.location() + path);
            }
        }

        @Override
        public void close() {
            place.close();
        }
    }
}
