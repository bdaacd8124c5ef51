package io.waybill.docs;

import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Words for {@code mvnw}: phases, modules, profiles, properties and tests that are there. */
final class MavenCommand {

    private static final Set<String> PHASES = Set.of("clean", "compile", "test", "package", "verify", "install");
    private static final Set<String> GOALS = Set.of("spotless:apply", "dependency:tree");
    private static final Set<String> FLAGS = Set.of("-q", "-B", "-ntp", "-am");

    /** Switches of plugins and of Maven itself, which no file of ours need name. */
    private static final Set<String> SWITCHES =
            Set.of("skipTests", "surefire.failIfNoSpecifiedTests", "spotless.check.skip");

    private MavenCommand() {}

    static void check(List<String> words) {
        for (Iterator<String> rest = words.iterator(); rest.hasNext(); ) {
            String word = rest.next();
            if (word.equals("-pl") && rest.hasNext()) {
                for (String module : rest.next().split(",", -1)) {
                    require(Repository.isModule(module), "there is no module " + module);
                }
            } else if (word.startsWith("-P")) {
                String profile = word.substring(2);
                require(
                        Repository.text("pom.xml").contains("<id>" + profile + "</id>"),
                        "pom.xml has no profile " + profile);
            } else if (word.startsWith("-D")) {
                property(word.substring(2), words);
            } else if (word.startsWith("-")) {
                require(FLAGS.contains(word), "unknown to this test: " + word);
            } else {
                require(PHASES.contains(word) || GOALS.contains(word), "no phase or goal: " + word);
            }
        }
    }

    private static void property(String word, List<String> words) {
        String name = word.replaceFirst("=.*", "");
        String value = word.substring(Math.min(word.length(), name.length() + 1));
        if (SWITCHES.contains(name)) {
            require(value.matches("|true|false"), "want true or false: " + word);
        } else if (name.equals("test")) {
            int modules = words.indexOf("-pl");
            List<String> found = Repository.sources().getOrDefault(value, List.of());
            require(
                    found.stream()
                            .anyMatch(file -> file.contains("/src/test/")
                                    && (modules < 0 || file.startsWith(words.get(modules + 1) + "/"))),
                    "there is no test " + value);
        } else if (!name.equals("scope") || !value.equals("runtime")) {
            require(
                    Repository.anySourceHas('"' + name + '"')
                            || Repository.text("pom.xml").contains("${" + name + "}"),
                    "nothing reads the property " + name);
        }
    }

    /** A script of the repository: it is there, and knows each word and each option. */
    static void checkScript(List<String> words) {
        String script = words.get(0).replaceFirst("^\\./", "");
        require(Files.isExecutable(Repository.file(script)), "there is no script " + script);
        String text = Repository.text(script);
        boolean positional = true;
        for (String word : words.subList(1, words.size())) {
            if (word.startsWith("--")) {
                String module = script.replaceFirst("/.*", "/");
                require(
                        text.matches("(?s).*" + word + "\\b.*") || Repository.anySourceHas('"' + word + '"', module),
                        "%s knows no %s".formatted(script, word));
                positional = false;
            } else if (positional && !word.matches("[A-Z]+|…|-\\w|\\d+[smh]|demo/\\w+")) {
                require(text.matches("(?s).*[ (|]" + word + "[)| ,].*"), "%s knows no '%s'".formatted(script, word));
            }
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
