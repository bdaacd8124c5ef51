package io.waybill.spark;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * Commits to Delta's log on local files as several processes need it: of two that write the same version one is told that it is
 * there. Delta's own looks whether the file is there and then renames to it, which two processes may do at once.
 */
public final class LinkingLogStore extends HadoopFileSystemLogStore {

    /** Makes a store; called by Delta. */
    public LinkingLogStore(Configuration configuration) {
        super(configuration);
    }

    @Override
    public void write(
            org.apache.hadoop.fs.Path path, Iterator<String> actions, Boolean overwrite, Configuration configuration)
            throws IOException {
        Path file = Path.of(path.toUri().getPath());
        Path written = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        Files.write(written, (Iterable<String>) () -> actions);
        if (overwrite) {
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } else {
            try {
                Files.createLink(file, written); // fails if the file is there
            } finally {
                Files.delete(written);
            }
        }
    }

    @Override
    public Boolean isPartialWriteVisible(org.apache.hadoop.fs.Path path, Configuration configuration) {
        return false;
    }
}
