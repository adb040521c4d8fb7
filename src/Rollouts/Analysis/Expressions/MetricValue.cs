using System.Collections.Immutable;
using System.Text.Json;
using Rollouts.Analysis.Expressions.Values;

namespace Rollouts.Analysis.Expressions;

/// <summary>
/// What a metric provider measured: the <c>result</c> of a condition. Its shape decides the type that a condition is checked
/// against, as Argo Rollouts does.
/// </summary>
public abstract record MetricValue
{
    private protected MetricValue()
    {
    }

    /// <summary>
    /// No usable data: an empty vector or array, null, a scalar NaN, or a vector that holds nothing but NaN (Prometheus answers
    /// 0/0 with a one-element vector of NaN and a missing series with an empty one).
    /// </summary>
    public abstract bool HasNoData { get; }

    /// <summary>Null or an array without elements: what Argo reports as <c>metric result is nil or empty</c>.</summary>
    public abstract bool IsNilOrEmpty { get; }

    /// <summary>
    /// Reads the notation that measurements are stored in: JSON in which NaN, +Inf and -Inf may also stand, alone or in an array
    /// of numbers. A number is a scalar, an array of nothing but numbers (an empty one too) a vector, all else JSON.
    /// </summary>
    /// <exception cref="ConditionException">The text is none of these.</exception>
    public static MetricValue ParsePrometheusNotation(string text) => MetricNotation.Parse(text);

    /// <summary>A JSON value as a web provider gives it: a number is a scalar; an array stays JSON, whatever it holds.</summary>
    public static MetricValue FromJson(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number ? new ScalarValue(element.GetDouble()) : new JsonValue(element.Clone());

    /// <summary>The value as a condition's <c>result</c>.</summary>
    internal abstract object? ToGo();

    /// <summary>The value in Argo's notation: <c>10</c>, <c>[10,11]</c>, <c>NaN</c>, <c>+Inf</c>, <c>[]</c>, or compact JSON.</summary>
    public abstract override string ToString();
}

/// <summary>One number: a Prometheus scalar, or a JSON number.</summary>
/// <param name="Value">The number; NaN and the infinities are values like any other.</param>
public sealed record ScalarValue(double Value) : MetricValue
{
    /// <inheritdoc/>
    public override bool HasNoData => double.IsNaN(Value);

    /// <inheritdoc/>
    public override bool IsNilOrEmpty => false;

    /// <inheritdoc/>
    public override string ToString() => GoNumbers.Format(Value);

    internal override object? ToGo() => Value;
}

/// <summary>Numbers in the order of their series: a Prometheus vector, or a matrix laid out series by series.</summary>
/// <param name="Values">The numbers; a default array counts as empty.</param>
public sealed record VectorValue(ImmutableArray<double> Values) : MetricValue
{
    /// <summary>The numbers.</summary>
    public ImmutableArray<double> Values { get; } = Values.IsDefault ? [] : Values;

    /// <inheritdoc/>
    public override bool HasNoData => Values.All(double.IsNaN);

    /// <inheritdoc/>
    public override bool IsNilOrEmpty => Values.IsEmpty;

    /// <inheritdoc/>
    public bool Equals(VectorValue? other) => other is not null && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in Values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(',', Values.Select(GoNumbers.Format))}]";

    internal override object? ToGo()
    {
        var items = new object?[Values.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Values[i];
        }

        return new GoSlice(GoType.Floats, items);
    }
}

/// <summary>Any other JSON: null, a boolean, a string, an object, or an array that is no vector.</summary>
/// <param name="Element">The JSON; an undefined element counts as null.</param>
public sealed record JsonValue(JsonElement Element) : MetricValue
{
    // Read once: the element never changes, and all who read it at the same time find the same.
    private object? read;

    /// <inheritdoc/>
    public override bool HasNoData => IsNilOrEmpty;

    /// <inheritdoc/>
    public override bool IsNilOrEmpty => Element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.Array => Element.GetArrayLength() == 0,
        _ => false,
    };

    /// <inheritdoc/>
    public bool Equals(JsonValue? other) =>
        other is not null && JsonElement.DeepEquals(Element, other.Element);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)Element.ValueKind;

    /// <inheritdoc/>
    public override string ToString()
    {
        try
        {
            return GoText.ToUnicode(GoJson.WriteCompact(ToGo()));
        }
        catch (EvaluationFailure)
        {
            // What Go could not hold (half a character, a number out of range) is shown as it came.
            return JsonSerializer.Serialize(Element, MetricNotation.JsonTypes.JsonElement);
        }
    }

    internal override object? ToGo() => read ??= GoJson.Read(Element);
}

/// <summary>What a web service answers that is no JSON; shown as it is, without quotes.</summary>
/// <param name="Text">The whole answer.</param>
public sealed record TextValue(string Text) : MetricValue
{
    /// <inheritdoc/>
    public override bool HasNoData => false;

    /// <inheritdoc/>
    public override bool IsNilOrEmpty => false;

    /// <inheritdoc/>
    public override string ToString() => Text;

    internal override object? ToGo() => GoText.FromUnicode(Text);
}
