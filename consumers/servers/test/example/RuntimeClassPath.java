package example;

import java.nio.charset.StandardCharsets;

/** Runs a consumer as a user would: with what its runtime class path has, and nothing of a test's. */
final class RuntimeClassPath {

    private RuntimeClassPath() {}

    static String run(String consumer, String location) throws Exception {
        ProcessBuilder java = new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-cp",
                "../%1$s/target/classes:../%1$s/target/lib/*".formatted(consumer),
                "example.Consumer",
                location);
        java.environment().put("AWS_ACCESS_KEY_ID", "anyone");
        java.environment().put("AWS_SECRET_ACCESS_KEY", "no-secret");
        Process process = java.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }
}
