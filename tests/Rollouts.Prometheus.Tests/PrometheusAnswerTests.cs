using Rollouts.Analysis;
using Rollouts.Analysis.Expressions;

namespace Rollouts.Prometheus.Tests;

public sealed class PrometheusAnswerTests
{
    [Theory]
    [InlineData("""{"resultType":"scalar","result":[1760000000.123,"10"]}""", "10")]
    [InlineData("""{"resultType":"scalar","result":[1760000000.123,"NaN"]}""", "NaN")]
    [InlineData("""{"resultType":"scalar","result":[1760000000.123,"+Inf"]}""", "+Inf")]
    [InlineData("""{"resultType":"scalar","result":[1760000000.123,"-Inf"]}""", "-Inf")]
    [InlineData("""{"resultType":"scalar","result":[1760000000.123,"1e-07"]}""", "0.0000001")]
    [InlineData("""{"resultType":"vector","result":[]}""", "[]")]
    [InlineData("""{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1760000000.123,"0.25"]}]}""", "[0.25]")]
    [InlineData(
        """{"resultType":"vector","result":[{"metric":{"job":"b"},"value":[1,"2"]},{"metric":{"job":"a"},"value":[1,"NaN"]},{"metric":{},"value":[1,"-Inf"]}]}""",
        "[2,NaN,-Inf]")]
    [InlineData("""{"resultType":"matrix","result":[]}""", "[]")]
    [InlineData(
        """{"resultType":"matrix","result":[{"metric":{"i":"0"},"values":[[1,"1"],[2,"2"]]},{"metric":{"i":"1"},"values":[[1,"+Inf"],[2,"4"]]}]}""",
        "[1,2,+Inf,4]")]
    public async Task QueryAsync_NumbersOfEachType_ComeWithoutLabels(string data, string expected)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync($$"""{"status":"success","data":{{data}}}""");

        MetricAnswer answer = await Providers.For(stub.Address).AskAsync(Providers.Query());

        Assert.Equal(expected, answer.Value.ToString());
        Assert.Equal(data.Contains("scalar"), answer.Value is ScalarValue);
        Assert.Empty(answer.Warnings);
    }

    [Fact]
    public async Task QueryAsync_Warnings_ComeBesideTheValue()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(
            """{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["remote read failed","a\nb",1],"infos":["x"]}""");

        MetricAnswer answer = await Providers.For(stub.Address).AskAsync(Providers.Query());

        Assert.Equal(new VectorValue([]), answer.Value);
        Assert.Equal(["remote read failed", "a b"], answer.Warnings);
    }

    [Theory]
    [InlineData("""{"resultType":"string","result":[1,"x"]}""", "Prometheus metric type not supported (string)")]
    [InlineData("""{"resultType":"streams","result":[]}""", "Prometheus metric type not supported (streams)")]
    [InlineData(
        """{"resultType":"vector","result":[{"metric":{},"histogram":[1,{"count":"1","sum":"1","buckets":[[0,"0","1","1"]]}]}]}""",
        "Prometheus metric type not supported (native histogram)")]
    [InlineData(
        """{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"]],"histograms":[]}]}""",
        "Prometheus metric type not supported (native histogram)")]
    [InlineData("""{"resultType":"scalar","result":[1,10]}""", "a sample is not a time and a text")]
    [InlineData("""{"resultType":"scalar","result":[1,"ten"]}""", "a sample's value is no number")]
    [InlineData("""{"resultType":"scalar","result":[1,"1e999"]}""", "a sample's value is no number")]
    [InlineData("""{"resultType":"scalar","result":[1,"1","2"]}""", "a sample is not a time and a text")]
    [InlineData("""{"resultType":"vector","result":[{"metric":{}}]}""", "'value' is missing")]
    [InlineData("""{"resultType":"vector","result":[[1,"1"]]}""", "'value' is missing")]
    [InlineData("""{"resultType":"vector","result":{}}""", "'result' is missing")]
    [InlineData("""{"result":[]}""", "'resultType' is missing")]
    [InlineData("null", "'data' is missing")]
    [InlineData("""{"resultType":"scalar","result":[1,"\ud800"]}""", "no JSON that can be read")]
    public async Task QueryAsync_DataThatIsNoNumber_Fails(string data, string message)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync($$"""{"status":"success","data":{{data}}}""");

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query());

        Assert.Equal(FailureKind.Invalid, failure.Kind);
        Assert.Contains(message, failure.Message);
        Assert.Contains(stub.Address, failure.Message);
    }

    [Theory]
    [InlineData(400, """{"status":"error","errorType":"bad_data","error":"1:5: parse error: unexpected end of input"}""", FailureKind.Invalid, "bad_data: 1:5: parse error")]
    [InlineData(422, """{"status":"error","errorType":"execution","error":"found duplicate series"}""", FailureKind.Invalid, "execution: found duplicate series")]
    [InlineData(503, """{"status":"error","errorType":"timeout","error":"query timed out"}""", FailureKind.Transient, "timeout: query timed out")]
    [InlineData(422, """{"status":"error","errorType":"canceled","error":"query was canceled"}""", FailureKind.Transient, "canceled")]
    [InlineData(500, """{"status":"error","errorType":"internal","error":"disk"}""", FailureKind.Transient, "internal: disk")]
    [InlineData(200, """{"status":"error","errorType":"bad_data","error":"no"}""", FailureKind.Invalid, "bad_data: no")]
    [InlineData(401, "Unauthorized", FailureKind.Forbidden, "HTTP 401: check the credentials")]
    [InlineData(403, "{}", FailureKind.Forbidden, "HTTP 403: check the credentials")]
    [InlineData(404, "404 page not found", FailureKind.Invalid, "HTTP 404: there is no Prometheus API")]
    [InlineData(408, "", FailureKind.Transient, "HTTP 408")]
    [InlineData(429, "slow down", FailureKind.Transient, "HTTP 429")]
    [InlineData(502, "<html>bad gateway</html>", FailureKind.Transient, "HTTP 502")]
    [InlineData(503, "{\"error\":7", FailureKind.Transient, "HTTP 503")]
    [InlineData(200, "{}", FailureKind.Invalid, "not one of Prometheus' API")]
    [InlineData(200, "[]", FailureKind.Invalid, "not one of Prometheus' API")]
    [InlineData(200, "", FailureKind.Invalid, "no JSON that can be read")]
    [InlineData(200, "not json", FailureKind.Invalid, "no JSON that can be read")]
    [InlineData(200, "{\"status\":\"success\"", FailureKind.Invalid, "no JSON that can be read")]
    public async Task QueryAsync_Error_SaysKindAndText(int status, string body, FailureKind kind, string message)
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(body, status);

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query());

        Assert.Equal(kind, failure.Kind);
        Assert.Contains(message, failure.Message);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task QueryAsync_LongErrorText_IsShortenedAndPrintable()
    {
        await using PrometheusStub stub = await PrometheusStub.StartAsync(
            $$"""{"status":"error","errorType":"bad_data","error":"a\r\n\u001b[31m{{new string('x', 5000)}}"}""", 400);

        PortException failure = await Providers.For(stub.Address).FailAsync(Providers.Query());

        Assert.InRange(failure.Message.Length, 200, 400);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }
}
