package io.waybill.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The files of the repository as they stand. */
final class Repository {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** The sources of this test, which name what they look for. */
    private static final String HERE = "cli/src/test/java/io/waybill/docs/";

    private static final Map<String, String> TEXTS = new ConcurrentHashMap<>();
    private static final Supplier<Map<String, List<String>>> SOURCES = once(Repository::find);

    private Repository() {}

    static Path file(String name) {
        return ROOT.resolve(name);
    }

    static String text(String name) {
        return TEXTS.computeIfAbsent(name, key -> {
            try {
                return Files.readString(file(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** The pages that users and contributors read, in the root, {@code docs} and {@code docs/adr}. */
    static List<String> pages() throws IOException {
        Stream<Path> all = Stream.empty();
        for (String folder : List.of("", "docs", "docs/adr")) {
            try (Stream<Path> files = Files.list(file(folder))) {
                all = Stream.concat(all, files.filter(file -> file.toString().endsWith(".md")).toList().stream());
            }
        }
        return all.map(Repository::name).sorted().toList();
    }

    /** The folders with a {@code pom.xml}, of the build and of the projects beside it. */
    static boolean isModule(String folder) {
        return Files.exists(file(folder).resolve("pom.xml"));
    }

    /** The Java sources of all modules by their simple names. */
    static Map<String, List<String>> sources() {
        return SOURCES.get();
    }

    private static Map<String, List<String>> find() {
        Map<String, List<String>> sources = new TreeMap<>();
        try {
            Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes about) {
                    String simple = folder.getFileName().toString();
                    boolean isOurs = folder.equals(ROOT) || !(simple.equals("target") || simple.startsWith("."));
                    return isOurs ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
                    String simple = file.getFileName().toString();
                    if (simple.endsWith(".java")) {
                        sources.computeIfAbsent(simple.replace(".java", ""), key -> new ArrayList<>())
                                .add(name(file));
                    }
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sources;
    }

    /** Whether a source of Java has this text, in any module or in those whose paths begin so. */
    static boolean anySourceHas(String text, String... under) {
        return sources().values().stream()
                .flatMap(List::stream)
                .filter(name -> !name.startsWith(HERE))
                .filter(name -> under.length == 0 || Arrays.stream(under).anyMatch(name::startsWith))
                .anyMatch(name -> text(name).contains(text));
    }

    private static String name(Path file) {
        return ROOT.relativize(file).toString().replace('\\', '/');
    }

    static <T> Supplier<T> once(Supplier<T> maker) {
        return new Supplier<>() {
            private T made;

            @Override
            public synchronized T get() {
                if (made == null) {
                    made = maker.get();
                }
                return made;
            }
        };
    }
}
