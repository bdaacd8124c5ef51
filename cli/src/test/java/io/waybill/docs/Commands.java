package io.waybill.docs;

import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/** Commands as one types them. */
final class Commands {

    private static final Set<String> TOOL = Set.of("waybill", "./waybill", "../waybill", "/opt/waybill/waybill");
    private static final Set<String> MAVEN = Set.of("./mvnw", "mvn");

    /** Of any system, and only run in the walkthrough. */
    private static final Set<String> SYSTEM = Set.of("echo", "mkdir", "cd");

    private Commands() {}

    /** Checks each command of a line. */
    static void check(String line) {
        Shell.commands(line).forEach(words -> check(words, false));
    }

    /** Checks one command; one that is only mentioned in a sentence may leave out what it needs. */
    static void check(List<String> words, boolean mention) {
        String first = words.get(0);
        List<String> rest = words.subList(1, words.size());
        if (TOOL.contains(first)) {
            if (mention) {
                ToolCommand.checkMention(rest);
            } else {
                ToolCommand.check(rest);
            }
        } else if (MAVEN.contains(first)) {
            MavenCommand.check(rest);
        } else if (first.equals("aws")) {
            AwsCommand.check(rest);
        } else if (isScript(first)) {
            MavenCommand.checkScript(words);
        } else if (!SYSTEM.contains(first)) {
            throw new IllegalArgumentException("nothing here checks the command '%s'".formatted(first));
        }
    }

    /** Whether a sentence that has these words as code names a command. */
    static boolean isCommand(List<String> words) {
        String first = words.get(0);
        boolean isKnown = TOOL.contains(first) || MAVEN.contains(first) || first.equals("aws");
        return (isKnown && words.size() > 1) || isScript(first);
    }

    private static boolean isScript(String word) {
        return word.matches("(\\./)?(benchmarks|event-fuzz|consumers|examples|\\.ci)/[a-z-]+")
                && !Files.isDirectory(Repository.file(word));
    }
}
