package io.waybill.archive;

import io.waybill.manifest.RunId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitResult;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Tells a run's contents of every file and folder below its folder. Refuses what could hide or double data. */
final class LocalRunVisitor extends SimpleFileVisitor<Path> {

    private final RunId run;
    private final Path folder;
    private final RunContents contents;

    LocalRunVisitor(RunId run, Path folder, RunContents contents) {
        this.run = run;
        this.folder = folder;
        this.contents = contents;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
        if (!visited.equals(folder)) {
            contents.note(nameOf(visited));
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) throws IOException {
        String name = nameOf(visited);
        if (attributes.isRegularFile()) {
            contents.add(new RunFile(
                    run, name, attributes.size(), attributes.lastModifiedTime().toInstant(), ""));
        } else if (Names.isIgnored(name)) {
            contents.note(name);
        } else {
            String what = attributes.isSymbolicLink() ? "is a symbolic link to nothing" : "is neither file nor folder";
            throw new FileSystemException(visited.toString(), null, what);
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path visited, IOException failure) throws IOException {
        if (failure instanceof FileSystemLoopException && Names.isIgnored(nameOf(visited))) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }

    private String nameOf(Path visited) throws IOException {
        String name = StreamSupport.stream(folder.relativize(visited).spliterator(), false)
                .map(Path::toString)
                .collect(Collectors.joining("/"));
        if (!LocalStorage.isReadable(visited)) {
            throw new FileSystemException(visited.toString(), null, LocalStorage.UNREADABLE);
        }
        return name;
    }
}
