package io.waybill.docs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Names of types and members: of our sources, of the class path of these tests, and of the JDK. */
final class JavaNames {

    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|interface|record|enum) (\\w+)(?=[ <({])");

    /** Our types, also nested ones, by their simple names: the files that declare them. */
    private static final Supplier<Map<String, List<String>>> OURS = Repository.once(() -> {
        Map<String, List<String>> types = new HashMap<>();
        Repository.sources().values().stream()
                .flatMap(List::stream)
                .forEach(file -> DECLARED.matcher(Repository.text(file))
                        .results()
                        .forEach(type -> add(types, type.group(1), file)));
        return types;
    });

    /** The classes of others by their simple names: their full names. */
    private static final Supplier<Map<String, List<String>>> OTHERS = Repository.once(() -> {
        Map<String, List<String>> classes = new HashMap<>();
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : path.split(File.pathSeparator, -1)) {
            if (entry.endsWith(".jar")) {
                try (JarFile jar = new JarFile(entry)) {
                    jar.stream().forEach(file -> addClass(classes, file.getName()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        for (String module : List.of("java.base", "java.sql", "jdk.incubator.vector")) {
            Path root = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", module);
            if (Files.exists(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    files.forEach(
                            file -> addClass(classes, root.relativize(file).toString()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return classes;
    });

    private JavaNames() {}

    private static void addClass(Map<String, List<String>> classes, String file) {
        if (file.endsWith(".class")) {
            String name = file.replace(".class", "").replace('/', '.');
            add(classes, name.replaceFirst(".*[.$]", ""), name);
        }
    }

    private static void add(Map<String, List<String>> map, String key, String value) {
        map.merge(
                key,
                List.of(value),
                (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
    }

    static boolean isType(String simple) {
        return OURS.get().containsKey(simple) || OTHERS.get().containsKey(simple);
    }

    /** Whether a type of that name has such a method, field, constant or nested type. */
    static boolean hasMember(String simple, String member) {
        Pattern word = Pattern.compile("\\b" + member + "\\b");
        return OURS.get().getOrDefault(simple, List.of()).stream()
                        .anyMatch(file -> word.matcher(Repository.text(file)).find())
                || OTHERS.get().getOrDefault(simple, List.of()).stream().anyMatch(name -> declares(name, member));
    }

    private static boolean declares(String name, String member) {
        try {
            Class<?> type = Class.forName(name, false, JavaNames.class.getClassLoader());
            return Stream.of(
                            Arrays.stream(type.getMethods()).map(method -> method.getName()),
                            Arrays.stream(type.getFields()).map(field -> field.getName()),
                            Arrays.stream(type.getClasses()).map(Class::getSimpleName))
                    .flatMap(names -> names)
                    .anyMatch(member::equals);
        } catch (ClassNotFoundException | LinkageError e) {
            return false; // it needs what is not on the class path
        }
    }

    /** Whether any source of ours declares or calls such a method. */
    static boolean isMethod(String name) {
        Matcher plain = Pattern.compile("\\w+").matcher(name);
        return plain.matches() && Repository.anySourceHas(name + "(");
    }

    static boolean isPackage(String name) {
        return Repository.anySourceHas("package " + name + ";");
    }
}
