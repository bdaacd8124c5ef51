package io.waybill.examples;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A call of a function, whose log is kept. */
final class TestContext implements Context {

    final List<String> logged = new ArrayList<>();

    @Override
    public LambdaLogger getLogger() {
        return new LambdaLogger() {
            @Override
            public void log(String message) {
                logged.add(message);
            }

            @Override
            public void log(byte[] message) {
                logged.add(new String(message, StandardCharsets.UTF_8));
            }
        };
    }

    @Override
    public String getAwsRequestId() {
        return "request";
    }

    @Override
    public String getLogGroupName() {
        return "group";
    }

    @Override
    public String getLogStreamName() {
        return "stream";
    }

    @Override
    public String getFunctionName() {
        return "kinesis-to-json";
    }

    @Override
    public String getFunctionVersion() {
        return "1";
    }

    @Override
    public String getInvokedFunctionArn() {
        return "arn:aws:lambda:eu-central-1:123456789012:function:kinesis-to-json";
    }

    @Override
    public CognitoIdentity getIdentity() {
        throw new UnsupportedOperationException("no mobile device called");
    }

    @Override
    public ClientContext getClientContext() {
        throw new UnsupportedOperationException("no mobile device called");
    }

    @Override
    public int getRemainingTimeInMillis() {
        return 1_000;
    }

    @Override
    public int getMemoryLimitInMB() {
        return 128;
    }
}
