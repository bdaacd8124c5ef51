package io.waybill.cli;

import io.waybill.manifest.Claim;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run that is being written into a work folder. */
final class StagedFolder implements RunOutput.Stage {

    private final OutputFolder output;
    private final Claim claim;
    private final Path folder;
    private boolean published;

    StagedFolder(OutputFolder output, Claim claim) throws IOException {
        this.output = output;
        this.claim = claim;
        this.folder = output.stage();
    }

    @Override
    public OutputStream create(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return new DurableFile(file.toFile());
    }

    @Override
    public String publish(Runnable stillOurs) throws IOException {
        output.publish(claim, folder, stillOurs);
        published = true;
        return output.target(claim.run()).toString();
    }

    @Override
    public void close() {
        if (!published) {
            output.discard(folder);
        }
    }

    /** A file that is on the disk when it is closed: a run that is recorded as processed must survive a power failure. */
    private static final class DurableFile extends FileOutputStream {

        private boolean closed;

        DurableFile(File file) throws IOException {
            super(file);
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                try {
                    getFD().sync();
                } finally {
                    super.close();
                }
            }
        }
    }
}
