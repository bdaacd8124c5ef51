package io.waybill.archive;

import io.waybill.manifest.RunId;
import io.waybill.manifest.RunRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An archive in a folder of a file system. */
final class LocalArchive implements RunArchive {

    private final Path root;
    private final RunLayout layout;
    private final Readiness readiness;
    private final Consumer<String> onForeign;

    private LocalArchive(Path root, RunLayout layout, Readiness readiness, Consumer<String> onForeign) {
        this.root = root;
        this.layout = layout;
        this.readiness = readiness;
        this.onForeign = onForeign;
    }

    static LocalArchive open(Path location, RunLayout layout, Readiness readiness, Consumer<String> onForeign)
            throws IOException {
        Path given = location.toAbsolutePath();
        requireFolder(given, "there is no such folder, want an archive of runs");
        Path plain = given.normalize();
        // x/.. is not here where x is a symbolic link
        boolean same = Files.exists(plain) && Files.isSameFile(given, plain);
        return new LocalArchive(same ? plain : given, layout, readiness, onForeign);
    }

    @Override
    public Stream<RunId> runs(RunRange range) {
        LocalRuns runs = new LocalRuns(root, layout, range, onForeign);
        int traits = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(runs, traits), false);
    }

    @Override
    public RunInspection inspect(RunId run) throws IOException {
        Path folder = folderOf(run);
        requireFolder(folder, "the folder of run %s is not there (any more)".formatted(run));
        try {
            RunContents contents = new RunContents(run, readiness);
            EnumSet<FileVisitOption> followed = EnumSet.of(FileVisitOption.FOLLOW_LINKS);
            Files.walkFileTree(folder, followed, Integer.MAX_VALUE, new LocalRunVisitor(run, folder, contents));
            return contents.inspection();
        } catch (IOException e) {
            throw new IOException("cannot list the files of run %s in %s: %s".formatted(run, folder, e), e);
        }
    }

    @Override
    public InputStream open(RunFile file, LongConsumer progress) throws IOException {
        Path path = below(folderOf(file.run()), file.name());
        return StoredFile.decompressed(Files.newInputStream(path), path.toString(), progress);
    }

    @Override
    public RunLayout layout() {
        return layout;
    }

    @Override
    public String location() {
        return root.toString();
    }

    @Override
    public String location(RunId run) {
        return folderOf(run).toString();
    }

    @Override
    public void close() {
        // nothing was opened
    }

    @Override
    public String toString() {
        return "archive " + root;
    }

    private static void requireFolder(Path folder, String otherwise) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(folder, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            NoSuchFileException missing = new NoSuchFileException(folder.toString(), null, otherwise);
            missing.initCause(e);
            throw missing;
        }
        if (!found.isDirectory()) {
            throw new FileSystemException(folder.toString(), null, "is a file where a folder is wanted");
        }
    }

    private Path folderOf(RunId run) {
        String key = run.key();
        if (!key.endsWith("/")) {
            throw new IllegalArgumentException(
                    "run '%s' is none of %s: an id ends in a slash, want '%s/'".formatted(key, this, key));
        }
        return below(root, key.substring(0, key.length() - 1));
    }

    private Path below(Path folder, String names) {
        Path path = folder;
        for (String name : names.split("/", -1)) {
            try {
                Path part = folder.getFileSystem().getPath(name);
                boolean oneDown = part.getNameCount() == 1 && part.getRoot() == null;
                if (!oneDown || name.isEmpty() || name.equals(".") || name.equals("..")) {
                    throw new InvalidPathException(name, "it has the part '%s'".formatted(name));
                }
                path = path.resolve(part);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(
                        "'%s' is no path below %s: %s".formatted(Names.visible(names), folder, e.getReason()), e);
            }
        }
        return path;
    }
}
