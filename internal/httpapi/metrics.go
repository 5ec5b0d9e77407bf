package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what the service does, for Prometheus. No label ever names a person, a
// session, a thread or an organisation, and none holds what a client sent: routes, methods,
// statuses and which limit are all there is. How much a single small centre writes can't be
// read off sums over everybody.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	underWay prometheus.Gauge
	limited  *prometheus.CounterVec
}

// NewMetrics makes the metrics of a process, of a build.
func NewMetrics(version string) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "varco_requests_total",
			Help: "Requests that were answered."}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "varco_request_seconds",
			Help:    "How long answers took.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"route"}),
		underWay: prometheus.NewGauge(prometheus.GaugeOpts{Name: "varco_requests_under_way",
			Help: "Requests that are being answered."}),
		limited: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "varco_requests_limited_total",
			Help: "Requests that were refused because there were too many, by the limit."}, []string{"limit"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "varco_build_info", Help: "1, with the build as a label.",
		ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.seconds, m.underWay, m.limited, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Gauge adds a value that is asked for each time that the metrics are read.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Counter adds a count that is kept elsewhere.
func (m *Metrics) Counter(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
}

// Handler answers GET /metrics.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2}))
	return mux
}

// answered counts one request.
func (m *Metrics) answered(route, method string, status int, took time.Duration) {
	if m == nil {
		return
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

func (m *Metrics) begun(n float64) {
	if m != nil {
		m.underWay.Add(n)
	}
}

// refused counts a request that was one too many for a limit.
func (m *Metrics) refused(limit string) {
	if m != nil {
		m.limited.WithLabelValues(limit).Inc()
	}
}
