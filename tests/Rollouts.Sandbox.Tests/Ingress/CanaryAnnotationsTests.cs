using Rollouts.Sandbox.Ingress;

namespace Rollouts.Sandbox.Tests.Ingress;

public sealed class CanaryAnnotationsTests
{
    [Theory]
    [InlineData("true", true)]
    [InlineData("True", true)]
    [InlineData("1", true)]
    [InlineData("false", false)]
    [InlineData("yes", false)]
    [InlineData("", false)]
    public void Enabled_ValueOfCanary_ReadAsGoReadsBooleans(string value, bool expected) =>
        Assert.Equal(expected, CanaryAnnotations.Enabled(Annotations(("canary", value))));

    [Theory]
    [InlineData("25", null, 25, 100)]
    [InlineData("25", "50", 25, 100)]
    [InlineData("25", "1000", 25, 1000)]
    [InlineData("25", "many", 25, 100)]
    [InlineData("2.5", null, 0, 100)]
    [InlineData("-1", null, 0, 100)]
    [InlineData("99999999999", null, 0, 100)]
    [InlineData(null, null, 0, 100)]
    public void Read_WeightAndTotal_TotalCountsOnlyAbove100(string? weight, string? total, int expectedWeight, int expectedTotal)
    {
        var read = CanaryAnnotations.Read(Annotations(("canary-weight", weight), ("canary-weight-total", total)));

        Assert.Equal((expectedWeight, expectedTotal), (read.Weight, read.WeightTotal));
    }

    [Fact]
    public void Read_ValueAndPattern_ValueWins()
    {
        var read = CanaryAnnotations.Read(
            Annotations(("canary-by-header", "X-Internal"), ("canary-by-header-value", "canary"), ("canary-by-header-pattern", ".*")));

        Assert.Equal("canary", read.HeaderValue);
        Assert.Null(read.HeaderPattern);
    }

    [Theory]
    [InlineData("X-Internal; }")]
    [InlineData("X Internal")]
    [InlineData("X-Internal\n")]
    public void Read_NameWithOtherCharacters_CountsAsNotGivenUnlessOnlyTrimmed(string name)
    {
        var read = CanaryAnnotations.Read(Annotations(("canary-by-header", name), ("canary-by-cookie", name)));

        var expected = name.Trim() == "X-Internal" ? "X-Internal" : null;
        Assert.Equal(expected, read.Header);
        Assert.Equal(expected, read.Cookie);
    }

    [Fact]
    public void Read_NoAnnotations_HasNoRules() =>
        Assert.Equal(new CanaryAnnotations(null, null, null, null, 0, 100), CanaryAnnotations.Read(null));

    private static Dictionary<string, string> Annotations(params (string Name, string? Value)[] annotations) =>
        annotations
            .Where(annotation => annotation.Value is not null)
            .ToDictionary(annotation => CanaryAnnotations.Prefix + annotation.Name, annotation => annotation.Value!);
}
