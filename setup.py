"""The distribution `taoxi`: the packages of the pipeline, and what they need."""

from pathlib import Path

from setuptools import setup

setup(
    name="taoxi",
    version="0.1.0",
    description="Raw scraped files, mostly Chinese web pages, to a clean corpus",
    long_description=Path(__file__).with_name("README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    python_requires=">=3.11",
    packages=[
        "pipeline",
        "pipeline.report",
        "transforms",
        "transforms.duplicates",
        "transforms.text",
        "transforms.text.data",
        "transforms.text.lines",
        "transforms.text.markup",
        "transforms.text.repair",
    ],
    package_data={
        "pipeline.report": ["*.html", "*.css", "*.js"],
        "transforms.text.data": ["*"],
    },
    entry_points={"console_scripts": ["taoxi = pipeline.main:main"]},
    install_requires=[
        "apache-beam>=2.77,<2.78",
        "beautifulsoup4>=4.13,<5",
        "datasketch>=2.0,<3",
        "ftfy>=6.3,<7",
        "langdetect>=1.0.9,<2",
        "lxml>=6,<7",
        "msgpack>=1.1,<2",
        "lxml-html-clean>=0.4,<1",
        "numpy>=2,<3",
        "opencc>=1.4,<2",
        "orjson>=3.10,<4",
        "pypinyin>=0.53,<1",
        "pyyaml>=6,<7",
        "readability-lxml>=0.8.4,<1",
        "rich>=14,<16",
        "trafilatura>=2.1,<3",
        "xxhash>=3.5,<5",
        "zstandard>=0.23,<1",
    ],
    extras_require={
        "dev": [
            "build>=1.2,<2",
            "hypothesis>=6.100,<7",
            "lxml-stubs>=0.5,<1",
            "mypy>=2,<3",
            "pytest>=9,<10",
            "ruff>=0.17,<0.18",
            "types-PyYAML>=6,<7",
        ],
    },
)
