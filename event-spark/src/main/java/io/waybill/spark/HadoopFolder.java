package io.waybill.spark;

import io.waybill.archive.ArchiveFolder;
import io.waybill.archive.RunArchive;
import io.waybill.archive.RunLayout;
import io.waybill.manifest.RunId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A folder in any file system that Hadoop knows. */
final class HadoopFolder implements ArchiveFolder {

    private final URI root;
    private final FileSystem files;

    private HadoopFolder(URI root, FileSystem files) {
        this.root = root;
        this.files = files;
    }

    /** The folder at a location with its scheme, as {@link #location()} has it. */
    static HadoopFolder at(String location, Configuration configuration) throws IOException {
        Path path = new Path(location);
        FileSystem files = path.getFileSystem(configuration);
        return new HadoopFolder(files.makeQualified(path).toUri(), files);
    }

    /** The folder at a location, after a look whether there is one. */
    static HadoopFolder existing(String location, Configuration configuration) throws IOException {
        HadoopFolder folder = at(location, configuration);
        try {
            if (folder.files.getFileStatus(new Path(folder.root)).isFile()) {
                throw new FileSystemException(location, null, "is a file, want an archive or the folder of one run");
            }
        } catch (FileNotFoundException e) {
            throw missing(location, e);
        }
        return folder;
    }

    private static NoSuchFileException missing(String location, FileNotFoundException cause) {
        NoSuchFileException missing = new NoSuchFileException(location, null, "there is no such folder");
        missing.initCause(cause);
        return missing;
    }

    /** The run that this folder is by its own name and those of the folders above, if it is one. */
    Optional<RunId> asRun(RunLayout layout) {
        String names = "";
        Path path = new Path(root);
        for (int i = 0; i < layout.depth(); i++) {
            if (path.getParent() == null) {
                return Optional.empty();
            }
            names = path.getName() + "/" + names;
            path = path.getParent();
        }
        return layout.startedAt(new RunId(names)).isPresent()
                ? Optional.of(new RunId(idPrefix(path) + names))
                : Optional.empty();
    }

    /** The folder that is so many levels above. */
    HadoopFolder up(int levels) {
        Path path = new Path(root);
        for (int i = 0; i < levels; i++) {
            path = path.getParent();
        }
        return new HadoopFolder(path.toUri(), files);
    }

    @Override
    public String location() {
        String text = new Path(root).toString();
        return text.endsWith("/") ? text : text + "/";
    }

    @Override
    public String idPrefix() {
        return idPrefix(new Path(root));
    }

    /** In S3 the key of the folder, as {@link RunArchive} has it there; elsewhere nothing. */
    static String idPrefix(Path root) {
        String scheme = root.toUri().getScheme();
        if (scheme == null || !scheme.matches("s3[an]?")) {
            return "";
        }
        String key = root.toUri().getPath().replaceFirst("^/", "");
        return key.isEmpty() || key.endsWith("/") ? key : key + "/";
    }

    @Override
    public List<Entry> list(String path) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try {
            for (FileStatus found : files.listStatus(below(path))) {
                Instant modified = Instant.ofEpochMilli(found.getModificationTime());
                entries.add(new Entry(found.getPath().getName(), found.isDirectory(), found.getLen(), modified));
            }
        } catch (FileNotFoundException e) {
            throw missing(location() + path, e);
        }
        return entries;
    }

    @Override
    public InputStream open(String path) throws IOException {
        return files.open(below(path));
    }

    /** Not by resolving, which takes a name with a colon for the URI of something else. */
    private Path below(String path) {
        String folder = root.getPath();
        String separator = folder.endsWith("/") ? "" : "/";
        return new Path(root.getScheme(), root.getAuthority(), (folder + separator + path).replaceFirst("(.)/$", "$1"));
    }
}
